import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { choosePort } from '../infra/ports.ts';
import { Front } from './front.ts';
import { RequestCount } from './request-count.ts';
import { sendUntilAccepted } from './sender.ts';

/** A replica behind the front, whose requests wait until they are let go. */
class WaitingReplica {
  readonly #server: Server;
  readonly #taken = Promise.withResolvers<undefined>();
  readonly #answer = Promise.withResolvers<undefined>();
  isInRotation = true;

  constructor(server: Server) {
    this.#server = server;
    server.on('request', (_request, response) => {
      this.#taken.resolve(undefined);
      void this.#answer.promise.then(() => response.end());
    });
  }

  static async start(): Promise<WaitingReplica> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new WaitingReplica(server);
  }

  get apiUrl(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : 'http://127.0.0.1:9';
  }

  /** Resolves when it has a request. */
  async hasRequest(): Promise<void> {
    await this.#taken.promise;
  }

  answer(): void {
    this.#answer.resolve(undefined);
  }

  close(): void {
    this.#server.close();
  }

  /** Ends without a word to those who wait. */
  die(): void {
    this.close();
    this.#server.closeAllConnections();
  }
}

/** Each test has another one: connections that fetch keeps lead to the front of the test before. */
let nextPort = 23_190;
let leaving: WaitingReplica;
let staying: WaitingReplica;
let front: Front;
let url: string;
let count: RequestCount;

beforeEach(async () => {
  [leaving, staying] = [await WaitingReplica.start(), await WaitingReplica.start()];
  const port = await choosePort({ purpose: 'the front', variable: 'FRONT_PORT', preferred: nextPort }, {}, () => undefined);
  nextPort = port + 1;
  front = await Front.listen(port, () => [leaving, staying]);
  url = `http://127.0.0.1:${port}`;
  count = new RequestCount();
  staying.answer();
});

afterEach(async () => {
  await front.close();
  leaving.die();
  staying.die();
});

/** Sends until the leaving replica has one of the requests. */
async function sendTwo(): Promise<{ readonly accepted: Promise<unknown> }> {
  const accepted = Promise.all([1, 2].map(() => sendUntilAccepted({ path: '/webhooks/shop', headers: {}, body: '{}' }, () => [url], count)));
  await leaving.hasRequest();
  return { accepted };
}

describe('the load on replicas of which one leaves', () => {
  it('counts no failed request where that one leaves rotation and answers what it has', async () => {
    const { accepted } = await sendTwo();
    leaving.isInRotation = false;
    leaving.close();
    leaving.answer();
    await accepted;
    expect(count).toMatchObject({ sent: 2, failed: [] });
  });

  it('counts the request that it had where it ends without an answer', async () => {
    const { accepted } = await sendTwo();
    leaving.isInRotation = false;
    leaving.die();
    await accepted;
    expect(count).toMatchObject({ sent: 3, failed: ['POST /webhooks/shop: 502'] });
  });

  it('counts what comes while nobody is in rotation', async () => {
    leaving.answer();
    [leaving.isInRotation, staying.isInRotation] = [false, false];
    const accepted = sendUntilAccepted({ path: '/webhooks/shop', headers: {}, body: '{}' }, () => {
      if (count.sent === 2) staying.isInRotation = true;
      return [url];
    }, count);
    await accepted;
    expect(count).toMatchObject({ sent: 3, failed: ['POST /webhooks/shop: 503', 'POST /webhooks/shop: 503'] });
  });
});
