import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A replica as the front sees it. */
export interface Target {
  readonly apiUrl: string;
  /** Whether it is to get requests: it answered that it is ready, and is not about to leave. */
  readonly isInRotation: boolean;
}

/** Headers that concern one connection and not the request. */
const ofTheConnection = ['connection', 'keep-alive', 'transfer-encoding'];

/**
 * What stands before the replicas of a service, as a Service of Kubernetes does: hands each request to the next one that is in rotation.
 * It tries nothing again: what fails behind it has failed.
 */
export class Front {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #targets: () => readonly Target[];
  #turn = 0;

  private constructor(targets: () => readonly Target[]) {
    this.#targets = targets;
    this.#server = createServer((incoming, outgoing) => this.#forward(incoming, outgoing));
  }

  /** @param port where it listens, on the loopback address */
  static async listen(port: number, targets: () => readonly Target[]): Promise<Front> {
    const front = new Front(targets);
    await new Promise<void>((resolve, reject) => {
      front.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return front;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const targets = this.#targets().filter(({ isInRotation }) => isInRotation);
    this.#turn += 1;
    const target = targets[this.#turn % targets.length];
    if (target === undefined) {
      outgoing.writeHead(503).end();
      return;
    }
    const onward = request(new URL(incoming.url ?? '/', target.apiUrl), { method: incoming.method, headers: forwarded(incoming), agent: this.#agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, forwarded(answer));
      answer.pipe(outgoing);
    });
    onward.once('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    incoming.pipe(onward);
  }
}

function forwarded({ headers }: IncomingMessage): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name)));
}
