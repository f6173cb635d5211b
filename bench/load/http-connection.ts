import { connect, type Socket } from 'node:net';

const headEnd = '\r\n\r\n';

/**
 * One keep-alive connection that sends prepared bytes and waits for the whole answer before the next ones. It reads of an
 * answer what it must, status and length: a full client would take more processor time than the server it measures.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  #answered: ((status: string) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#take(chunk));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HttpConnection(socket);
  }

  /** Sends one request and calls back with the status of its answer. */
  send(request: Buffer, answered: (status: string) => void): void {
    this.#answered = answered;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const head = this.#received.indexOf(headEnd);
    if (head < 0) return;
    const [, length = '0'] = /content-length: (\d+)/i.exec(this.#received) ?? [];
    if (this.#received.length < head + headEnd.length + Number(length)) return;
    const status = this.#received.slice(9, 12);
    this.#received = '';
    this.#answered?.(status);
  }
}
