import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A door before a real server: closed, the server is away for whoever comes through it. */
export interface TcpGate {
  readonly port: number;
  open(): void;
  /** Cuts what is connected and lets nobody in. */
  close(): void;
  dispose(): Promise<void>;
}

export async function createTcpGate(target: { readonly host: string; readonly port: number }, isOpenAtFirst: boolean): Promise<TcpGate> {
  let isOpen = isOpenAtFirst;
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
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gate has no port.');
  const cut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    open: () => {
      isOpen = true;
    },
    close: cut,
    async dispose() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
