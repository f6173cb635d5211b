import { randomUUID } from 'node:crypto';
import { Failure, orderReceived } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { OperatedService } from '../operated-service.fixture.ts';

const replaySchema = z.object({
  id: z.string(), state: z.string(), error: z.string().nullable(),
  progress: z.object({ total: z.number(), left: z.number(), counts: z.record(z.string(), z.number()) }).nullable(),
});
type ReplayAnswer = z.infer<typeof replaySchema>;

const { type } = orderReceived;
const reason = 'the projection was wrong';
const tenantId = randomUUID();
const otherId = randomUUID();

let operated: OperatedService;
let records: string[];

beforeAll(async () => {
  operated = await OperatedService.start();
});
beforeEach(async () => {
  const round = randomUUID().slice(0, 8);
  records = Array.from({ length: 20 }, (_, index) => `${round}/${String(index).padStart(2, '0')}`);
  await operated.say(tenantId, records);
  await operated.say(otherId, [`${round}/other`]);
  await eventually('the projection', async () => Object.keys(await operated.projection()).filter((record) => record.startsWith(round)).length === 21);
  startedAt = new Date().toISOString();
});
afterEach(async () => {
  operated.behaviour.onOrder = async () => {};
  operated.behaviour.concerns = () => true;
  await operated.admin.query('TRUNCATE projection');
});
afterAll(() => operated.stop(), 60_000);

let startedAt: string;

async function start(body: Record<string, unknown>): Promise<ReplayAnswer> {
  const answer = await operated.request('POST', 'replays', { body: { type, from: 'beginning', reason, ...body } });
  expect(answer).toMatchObject({ status: 202 });
  return replaySchema.parse(answer.body);
}

async function read(id: string): Promise<ReplayAnswer> {
  return replaySchema.parse((await operated.request('GET', `replays/${id}`)).body);
}

function ended(id: string): Promise<ReplayAnswer> {
  return eventually('the end of the replay', async () => {
    const replay = await read(id);
    return ['done', 'failed', 'cancelled'].includes(replay.state) && replay;
  });
}

/** The service's own position in the topic, and the groups there are. */
async function positions(): Promise<{ own: unknown; groups: string[] }> {
  const admin = operated.topics.kafka.admin();
  await admin.connect();
  const topic = operated.topics.prefix + type;
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, high]));
  // The broker is told of positions a few times a second.
  const own = await eventually('all positions', async () => {
    const offsets = await admin.fetchOffsets({ groupId: `${operated.topics.prefix}orders`, topics: [topic] });
    const isTold = offsets.every(({ partitions }) => partitions.every(({ partition, offset }) => offset === ends.get(partition) || ends.get(partition) === '0'));
    return isTold && offsets;
  });
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  return { own, groups: groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(operated.topics.prefix)) };
}

async function timesOf(names: readonly string[]): Promise<number[]> {
  const projection = await operated.projection();
  return names.map((name) => projection[name] ?? 0);
}

const once = (): number[] => records.map(() => 1);

describe('a replay of a topic', () => {
  it('rebuilds a projection that was cleared, each event once, and touches no other position', async () => {
    const before = await positions();
    await operated.admin.query('TRUNCATE projection');
    const { id } = await start({});
    const replay = await ended(id);
    expect(replay).toMatchObject({ state: 'done', progress: { left: 0, counts: { failed: 0, unreadable: 0 } } });
    expect(replay.progress?.counts['applied']).toBe(replay.progress?.total);
    expect(await timesOf(records)).toEqual(once());
    expect(await positions()).toEqual(before);
  });

  it('applies nothing a second time where its request or its run is repeated', async () => {
    await operated.admin.query('TRUNCATE projection');
    const id = randomUUID();
    await start({ id });
    await ended(id);
    expect(await start({ id })).toMatchObject({ id, state: 'done' });
    await operated.admin.query(`UPDATE event_replay SET state = 'waiting', checkpoint = NULL WHERE id = $1`, [id]);
    const again = await ended(id);
    expect(again.progress?.counts['applied']).toBe(0);
    expect(again.progress?.counts['repeated']).toBe(again.progress?.total);
    expect(await timesOf(records)).toEqual(once());
  });

  it('reads one tenant’s events only, where one is named', async () => {
    await operated.admin.query('TRUNCATE projection');
    const replay = await ended((await start({ tenantId: otherId })).id);
    expect(replay.progress?.counts['skipped']).toBeGreaterThanOrEqual(20);
    expect(await timesOf(records)).toEqual(records.map(() => 0));
    expect(Object.values(await operated.projection())).toContain(1);
  });

  it('leaves out what does not concern the service', async () => {
    await operated.admin.query('TRUNCATE projection');
    operated.behaviour.concerns = ({ data }) => !orderReceived.schema.parse(data).externalId.endsWith('/other');
    const replay = await ended((await start({})).id);
    expect(replay.progress?.counts['skipped']).toBeGreaterThanOrEqual(1);
    expect(await timesOf(records)).toEqual(once());
    expect(Object.keys(await operated.projection()).filter((record) => record.endsWith('/other'))).toEqual([]);
    operated.behaviour.concerns = () => true;
    await ended((await start({ tenantId: otherId })).id);
    expect(Object.keys(await operated.projection()).some((record) => record.endsWith('/other'))).toBe(true);
  });

  it('begins and ends where it is told: by time, and by offset for the partitions named', async () => {
    await operated.admin.query('TRUNCATE projection');
    const marks = { from: { time: startedAt } };
    expect(await ended((await start(marks)).id)).toMatchObject({ state: 'done', progress: { total: 0 } });
    const { id } = await start({ from: { offsets: { 0: '0', 1: '0' } }, to: { time: startedAt } });
    await ended(id);
    expect(await timesOf(records)).toEqual(once());
    const single = await ended((await start({ from: { offsets: { 0: '0' } }, to: { offsets: { 0: '1' } } })).id);
    expect(single.progress?.total).toBeLessThanOrEqual(1);
    expect(await operated.request('POST', 'replays', { body: { type, from: 'yesterday', reason } })).toMatchObject({ status: 422 });
  });

  it('goes on from its checkpoint in another process after the one that ran it is gone', async () => {
    await operated.admin.query('TRUNCATE projection');
    let handled = 0;
    const reached = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    operated.behaviour.onOrder = async () => {
      handled += 1;
      if (handled < 8) return;
      reached.resolve(undefined);
      await gate.promise;
    };
    const { id } = await start({ tenantId });
    await reached.promise;
    const stopped = operated.stopProcess();
    gate.resolve(undefined);
    await stopped;
    operated.behaviour.onOrder = async () => {};
  operated.behaviour.concerns = () => true;
    await operated.startProcess();
    expect(await ended(id)).toMatchObject({ state: 'done', progress: { left: 0 } });
    expect(await timesOf(records)).toEqual(once());
  });

  it('ends when an operator cancels it, and goes on when one resumes it', async () => {
    await operated.admin.query('TRUNCATE projection');
    const reached = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    operated.behaviour.onOrder = async () => {
      reached.resolve(undefined);
      await gate.promise;
    };
    const { id } = await start({ tenantId });
    await reached.promise;
    expect(await operated.request('POST', `replays/${id}/cancel`, { body: { reason } })).toMatchObject({ status: 200 });
    gate.resolve(undefined);
    expect((await ended(id)).state).toBe('cancelled');
    expect(await operated.request('POST', `replays/${id}/cancel`, { body: { reason } })).toMatchObject({ status: 409 });
    operated.behaviour.onOrder = async () => {};
  operated.behaviour.concerns = () => true;
    expect(await operated.request('POST', `replays/${id}/resume`, { body: { reason } })).toMatchObject({ status: 200 });
    expect((await ended(id)).state).toBe('done');
    expect(await timesOf(records)).toEqual(once());
    const { body } = await operated.request('GET', `audit?recordId=${id}`);
    expect(z.object({ items: z.array(z.object({ action: z.string() })) }).parse(body).items.map(({ action }) => action))
      .toEqual(['replay.end', 'replay.resume', 'replay.end', 'replay.cancel', 'replay.start']);
  });

  it('passes over what its handler refuses and keeps that as a dead letter, whose replay has its effect once', async () => {
    await operated.admin.query('TRUNCATE projection');
    const [refused] = records;
    operated.behaviour.onOrder = async ({ subject }) => {
      if (subject === refused) throw new Failure('invalid', 'It cannot be read.');
    };
    const replay = await ended((await start({ tenantId })).id);
    expect(replay).toMatchObject({ state: 'done', progress: { counts: { failed: 1 } } });
    expect(await timesOf(records)).toEqual(records.map((record) => (record === refused ? 0 : 1)));
  });

  it('is refused for an event that the service does not hear, or that nobody knows', async () => {
    expect(await operated.request('POST', 'replays', { body: { type: 'crm.deal.changed.v1', from: 'beginning', reason } })).toMatchObject({ status: 422 });
    expect(await operated.request('POST', 'replays', { body: { type: 'no.such.event.v1', from: 'beginning', reason } })).toMatchObject({ status: 422 });
    expect(await operated.request('GET', `replays/${randomUUID()}`)).toMatchObject({ status: 404 });
  });
});
