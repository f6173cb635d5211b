import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** The vendor that the pair's consumer calls: counts how often it was told of each event. */
export class CountingVendor {
  readonly #times = new Map<string, number>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        for (const id of JSON.parse(body) as string[]) this.#times.set(id, (this.#times.get(id) ?? 0) + 1);
        response.end();
      });
      request.on('error', () => response.destroy()); // the caller was killed
    });
  }

  static async start(): Promise<CountingVendor> {
    const vendor = new CountingVendor();
    vendor.#server.listen(0, '127.0.0.1');
    await once(vendor.#server, 'listening');
    return vendor;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The vendor has no port.');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Whether the vendor was told of each of these, and how often it was told again. */
  countCalls(ids: readonly string[]): { readonly missing: readonly string[]; readonly repeats: number } {
    const times = ids.map((id) => this.#times.get(id) ?? 0);
    return { missing: ids.filter((id) => !this.#times.has(id)), repeats: times.reduce((sum, count) => sum + Math.max(0, count - 1), 0) };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
