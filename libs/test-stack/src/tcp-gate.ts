import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A door before a real server: closed, the server is away for whoever comes through it. */
export interface TcpGate {
  readonly port: number;
  open(): void;
  /** Lets everybody in and keeps what they say, and what is answered, until the gate is opened. */
  stall(): void;
  /** Opens, and brings everything so much later. */
  slowDown(delayMs: number): void;
  /** Cuts what is connected and lets nobody in. */
  close(): void;
  dispose(): Promise<void>;
}

export async function createTcpGate(target: { readonly host: string; readonly port: number }, isOpenAtFirst: boolean): Promise<TcpGate> {
  let isOpen = isOpenAtFirst;
  let delayMs = 0;
  let opened = Promise.withResolvers<undefined>();
  opened.resolve(undefined);
  const passage = () => new Transform({
    transform: (chunk, _encoding, done) => {
      void Promise.all([opened.promise, delayMs > 0 && sleep(delayMs)]).then(() => done(null, chunk));
    },
  });
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    if (!isOpen) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(target);
    for (const [socket, peer] of [[incoming, outgoing], [outgoing, incoming]] as const) {
      sockets.add(socket);
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    incoming.pipe(passage()).pipe(outgoing);
    outgoing.pipe(passage()).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gate has no port.');
  const cut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  const open = (laterByMs = 0): void => {
    isOpen = true;
    delayMs = laterByMs;
    opened.resolve(undefined);
  };
  return {
    port: address.port,
    open: () => open(),
    slowDown: open,
    stall: () => {
      isOpen = true;
      opened = Promise.withResolvers();
    },
    close: cut,
    async dispose() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
