import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '@crossdock/service-kit';
import { z } from 'zod';

const methodSchema = z.enum(['GET', 'POST', 'PUT', 'DELETE']);

const json = 'application/json';

/** What becomes of a request on its way. */
export type Delivery = 'once' | 'twice' | 'never' | 'after_next';

/** An address that others reach a service at, as a proxy in front of it: it is known before the service starts. */
export class ServiceFront {
  readonly url: string;
  readonly #server: Server;
  #service: RunningService | undefined;
  /** What becomes of a request on its way; whoever sent it is answered in any case. */
  delivery: (path: string) => Delivery = () => 'once';
  #held: Array<() => Promise<unknown> | undefined> = [];

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
    server.on('request', (request, response) => {
      void this.#pass(request).then(({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body));
    });
  }

  static async start(): Promise<ServiceFront> {
    const server = createServer();
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve(server.address() as AddressInfo);
      });
    });
    return new ServiceFront(server, `http://127.0.0.1:${port}`);
  }

  leadTo(service: RunningService): void {
    this.#service = service;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #pass(request: IncomingMessage): Promise<{ readonly status: number; readonly contentType: string; readonly body: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { 'content-length': _length, connection: _connection, 'transfer-encoding': _encoding, ...headers } = request.headers;
    const give = () => this.#give(request, headers, Buffer.concat(chunks));
    const delivery = this.delivery(request.url ?? '/');
    if (delivery === 'after_next') this.#held.push(give);
    if (delivery === 'after_next' || delivery === 'never') return { status: 200, contentType: json, body: '' };
    if (delivery === 'twice') await give();
    const answer = await give();
    for (const late of this.#held.splice(0)) await late();
    return answer ? { status: answer.statusCode, contentType: answer.headers['content-type'] ?? json, body: answer.body } : { status: 503, contentType: json, body: '' };
  }

  #give(request: IncomingMessage, headers: IncomingMessage['headers'], payload: Buffer) {
    return this.#service?.app.inject({
      method: methodSchema.parse(request.method), url: request.url ?? '/', payload, headers,
    });
  }
}
