import { createServer, type Server } from 'node:net';
import { SetupFault } from './launch/setup-fault.mjs';

const HIGHEST_PORT = 65_535;
/** Far enough that the next choice does not land on a neighbour's default. */
const STEP = 100;

export type PortWish = {
  /** What the port is for, as a person would say it. */
  readonly purpose: string;
  /** The environment variable that fixes it. */
  readonly variable: string;
  readonly preferred: number;
};

/**
 * Chooses a port on the loopback address: the configured one, which must be free, or else the preferred one,
 * or the next free one above it, which is said through `say`.
 */
export async function choosePort(
  wish: PortWish,
  environment: Readonly<Record<string, string | undefined>>,
  say: (sentence: string) => void,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<number> {
  const configured = environment[wish.variable];
  if (configured !== undefined && configured !== '') {
    const port = Number(configured);
    if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) {
      throw new SetupFault(`${wish.variable} must be a port number from 1 to ${HIGHEST_PORT}.`);
    }
    if (await isFree(port)) return port;
    throw new SetupFault(`Port ${port} for ${wish.purpose} is taken: stop what uses it, or set ${wish.variable} to a free one.`);
  }
  for (let port = wish.preferred; port <= HIGHEST_PORT; port += STEP) {
    if (!(await isFree(port))) continue;
    if (port !== wish.preferred) say(`Port ${wish.preferred} is taken: ${wish.purpose} uses ${port} (${wish.variable} would fix it).`);
    return port;
  }
  throw new SetupFault(`No free port was found for ${wish.purpose}: set ${wish.variable} to a free one.`);
}

/**
 * Answers how far this run's preferred ports are moved up: 0, or the first multiple of 100 that no other run on this machine claims.
 * A port that is chosen is only taken when its process listens, seconds later; without a claim two runs that start at the same
 * moment would choose the same ones. The claim is a listening socket that this process holds until it ends, however it ends.
 */
export async function claimPortOffset(claimPort: number, say: (sentence: string) => void): Promise<number> {
  for (let offset = 0; claimPort + offset <= HIGHEST_PORT; offset += STEP) {
    const claim = await listenOn(claimPort + offset);
    if (claim === undefined) continue;
    claim.unref();
    if (offset > 0) say(`Another Crossdock runs on this machine: the usual port numbers are raised by ${offset}.`);
    return offset;
  }
  throw new SetupFault('Too many Crossdocks run on this machine: stop one of them.');
}

async function isPortFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

async function listenOn(port: number): Promise<Server | undefined> {
  return await new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}
