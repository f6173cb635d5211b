import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** PostgreSQL 18, 54.7, SSLRequest: eight bytes by which a client asks for TLS; the server says `S` and TLS begins. */
const postgresAsksForTls = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** TLS before a real server that is spoken to in the clear behind it. */
export class TlsFront {
  private constructor(private readonly server: Server, private readonly sockets: Set<Socket>) {}

  /** @param how whether TLS begins at once, as at Redis, or after PostgreSQL's question for it. */
  static async start(how: 'at_once' | 'postgres', target: URL, certificate: { readonly key: string; readonly cert: string }): Promise<TlsFront> {
    const sockets = new Set<Socket>();
    const secureContext = createSecureContext(certificate);
    const keep = (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    };
    const begin = (raw: Socket): void => {
      const [plain, behind] = [new TLSSocket(raw, { isServer: true, secureContext }), connect({ host: target.hostname, port: Number(target.port) })];
      for (const [one, other] of [[plain, behind], [behind, plain]] as const) {
        keep(one);
        one.once('close', () => other.destroy());
        one.pipe(other);
      }
    };
    const server = createServer((raw) => {
      keep(raw);
      if (how === 'at_once') {
        begin(raw);
        return;
      }
      raw.once('data', (asked) => {
        if (!asked.equals(postgresAsksForTls)) {
          raw.destroy();
          return;
        }
        raw.write('S');
        begin(raw);
      });
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return new TlsFront(server, sockets);
  }

  /** The same address with this front in the server's place. */
  before(url: string): URL {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The front has no port.');
    return Object.assign(new URL(url), { hostname: 'localhost', port: String(address.port) });
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
