import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { EventStreams } from '../requests/event-streams.ts';
import { StateStreams } from './state-streams.ts';

interface Count { readonly done: number; readonly state: string; readonly rate?: number }
type Look = Count | Error;

const newStreams = () => new StateStreams(new EventStreams(new Registry()));

/** Opens the stream of something that looks like this, one look after the other; the last one stays. */
async function watch(looks: readonly Look[], lastEventId?: string, streams = newStreams(), mayGoOn = async () => true) {
  const server = fastify();
  let looked = 0;
  server.get('/', async (_, reply) => {
    await streams.tell<Count>(reply, {
      look: async () => {
        const found = looks[Math.min(looked, looks.length - 1)];
        looked += 1;
        if (found === undefined || found instanceof Error) throw found ?? new Error('There is nothing to see.');
        return found;
      },
      newsOf: ({ done, state }) => [done, state], hasEnded: ({ state }) => state === 'done', lastEventId, mayGoOn,
    });
    return reply;
  });
  const answer = await server.inject('/');
  await server.close();
  const events = [...answer.body.matchAll(/id: (.*)\ndata: (.*)\n\n/g)].map(([, id, data]) => ({ id, data: JSON.parse(data ?? '') as unknown }));
  return { status: answer.statusCode, type: answer.headers['content-type'], events };
}

const at = (done: number, state = 'running', rate?: number): Count => ({ done, state, ...(rate !== undefined && { rate }) });

describe('the stream of a state', () => {
  it('tells what moves on, once, and ends with the end', async () => {
    const { status, type, events } = await watch([at(1), at(1, 'running', 0.5), at(2), at(2, 'done')]);
    expect([status, type]).toEqual([200, 'text/event-stream']);
    expect(events.map(({ data }) => data)).toEqual([at(1), at(2), at(2, 'done')]);
  });

  it('tells what had ended before it was opened, and that it is over to who has heard that', async () => {
    const { events: [end] } = await watch([at(2, 'done')]);
    expect(end?.data).toEqual(at(2, 'done'));
    expect(await watch([at(2, 'done')], end?.id)).toMatchObject({ status: 204, events: [] });
  });

  it('tells a client that comes back only what it has missed', async () => {
    const { events: [seen] } = await watch([at(1), new NotFoundException()]);
    expect((await watch([at(1), at(2, 'done')], seen?.id)).events.map(({ data }) => data)).toEqual([at(2, 'done')]);
  });

  it('stays open while the service behind is away', async () => {
    const { events } = await watch([at(1), new Failure('transient', 'It does not answer.'), at(2, 'done')]);
    expect(events.map(({ data }) => data)).toEqual([at(1), at(2, 'done')]);
  });

  it('answers with an error what is not there', async () => {
    expect(await watch([new NotFoundException()])).toMatchObject({ status: 404, events: [] });
  });

  it('ends, and tells no more, once its caller may not watch any longer', async () => {
    let asked = 0;
    const { events } = await watch([at(1), at(2), at(3), at(4)], undefined, undefined, async () => (asked += 1) < 2);
    expect(events.map(({ data }) => data)).toEqual([at(1), at(2)]);
  });

  it('ends when the gateway stops', async () => {
    const streams = newStreams();
    const open = watch([at(1)], undefined, streams);
    streams.onModuleDestroy();
    expect((await open).events).toHaveLength(1);
  });
});
