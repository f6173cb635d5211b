import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EventStream } from './event-stream.ts';

const lastWord = 'event: problem\n\n';

/** Events without end, as large as is said, and what became of them. */
function endless(characters = 1) {
  const seen = { asked: 0, hasEnded: false };
  async function* events(): AsyncGenerator<string> {
    try {
      for (;;) {
        seen.asked += 1;
        yield `data: ${seen.asked} ${'x'.repeat(characters)}\n\n`;
      }
    } finally {
      seen.hasEnded = true;
    }
  }
  return { seen, events: events() };
}

const cutOff = () => Promise.withResolvers<undefined>();

describe('events for one listener', () => {
  const closes: Array<() => unknown> = [];
  afterEach(async () => {
    for (const close of closes.splice(0)) await close();
  });

  it('come all and in order to who takes them', async () => {
    async function* three(): AsyncGenerator<string> {
      yield* ['a', 'b', 'c'];
    }
    const stream = new EventStream(three(), { mostMs: 60_000, lastWord, onCutOff: () => undefined });
    expect(await text(stream)).toBe('abc');
  });

  it('are asked for no more while one waits to be taken, and end with the reason after a while', async () => {
    const { seen, events } = endless();
    const { promise, resolve } = cutOff();
    const stream = new EventStream(events, { mostMs: 20, lastWord, onCutOff: () => {
      resolve(undefined);
    } });
    await once(stream, 'readable');
    await promise;
    expect(seen).toEqual({ asked: 1, hasEnded: true });
    expect(await text(stream)).toBe(`data: 1 x\n\n${lastWord}`);
  });

  it('heap up neither in the process nor in what is asked for while a connection is not read, and say why they ended once it is', async () => {
    const mebibyte = 1_048_576;
    const { seen, events } = endless(mebibyte);
    const { promise, resolve } = cutOff();
    let waiting = 0;
    const server = createServer((_, response) => {
      const stream = new EventStream(events, { mostMs: 500, lastWord, onCutOff: () => {
        waiting = response.writableLength + stream.readableLength;
        resolve(undefined);
      } });
      stream.pipe(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closes.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').pause();
    socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await promise;
    // The system keeps some of them for the connection; how many depends on it.
    expect(seen).toEqual({ asked: expect.any(Number), hasEnded: true });
    expect(seen.asked).toBeLessThan(64);
    expect(waiting).toBeLessThan(4 * mebibyte);
    const read = await text(socket);
    expect(read.match(/data: \d+/g)?.length).toBe(seen.asked);
    expect(read).toContain(lastWord);
  });

  it('end with the connection of who listens', async () => {
    const { seen, events } = endless();
    const stream = new EventStream(events, { mostMs: 60_000, lastWord, onCutOff: () => undefined });
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(seen.hasEnded).toBe(true);
  });
});
