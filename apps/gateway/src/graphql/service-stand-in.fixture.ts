import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { correlationHeader, tenantHeader } from '@crossdock/service-tokens';

/** A question that a service behind the gateway was asked. */
export interface AskedCall {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: unknown;
}

export interface StandInAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** In the place of all services behind the gateway: answers as a test says, and remembers what it was asked. */
export class ServiceStandIn {
  readonly calls: AskedCall[] = [];
  answer: (call: AskedCall) => StandInAnswer | Promise<StandInAnswer> = () => ({ status: 404, body: { detail: 'There is no such thing.' } });
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ServiceStandIn> {
    const server = createServer((request, response) => {
      void (async () => {
        const sent = await text(request);
        const call = {
          tenantId: String(request.headers[tenantHeader]), correlationId: String(request.headers[correlationHeader]),
          method: request.method ?? '', path: request.url ?? '', body: sent === '' ? undefined : JSON.parse(sent) as unknown,
        };
        standIn.calls.push(call);
        const { status = 200, body } = await standIn.answer(call);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      })();
    });
    const standIn = new ServiceStandIn(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return standIn;
  }

  /** What the gateway is configured with, so that it finds all services here. */
  get environment(): Record<string, string> {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in listens on no port.');
    const url = `http://127.0.0.1:${address.port}`;
    return { ORDERS_URL: url, SHIPPING_URL: url, ATTRIBUTION_URL: url, SYNC_URL: url, CRM_HUBSPOT_URL: url };
  }

  /**
   * What was asked for the sake of the work alone: a stream that a test before it listened to may ask once more meanwhile.
   * @param work sends the headers that it gets with all its requests
   */
  async callsOf(work: (headers: Readonly<Record<string, string>>) => Promise<unknown>): Promise<AskedCall[]> {
    const id = randomUUID();
    await work({ [correlationHeader]: id });
    return this.calls.filter(({ correlationId }) => correlationId === id);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
