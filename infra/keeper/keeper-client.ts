import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGS } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import { type Answer, answerSchema, ENDPOINT_FILE, endpointSchema, onMessage, type Part, send } from './keeper-protocol.ts';
import { KEEPER, runningKeeper } from './running-keeper.ts';

const JOIN_DEADLINE_MS = 30_000;
const RETRY_EVERY_MS = 100;
const KEEPER_LOG = join(LOGS, 'keeper.log');

export type KeptStack = {
  readonly kind: 'compose' | 'native';
  readonly addresses: Partial<Record<Part, string>>;
  /** Resolves to a sentence when a server, or the keeper itself, ends although the stack is in use. */
  readonly lost: Promise<string>;
  /** Ends a server by SIGKILL; it stays away until it is revived. For tests that have the stack for themselves. */
  kill(part: Part): Promise<void>;
  /** Starts a killed server again, with its data and at its address; resolves when it answers. */
  revive(part: Part): Promise<void>;
  /** Leaves the stack; when nobody else uses it, it resolves after every server has ended. */
  leave(): Promise<void>;
};

/** Joins the users of this clone's stack, starting its keeper and the servers where they do not run yet. */
export async function joinStack(parts: readonly Part[], say: (sentence: string) => void): Promise<KeptStack> {
  const { socket, token } = await reachKeeper();
  return await new Promise((resolve, reject) => {
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    let tellLost: (sentence: string) => void = () => undefined;
    const lost = new Promise<string>((done) => (tellLost = done));
    let isLeaving = false;
    const awaited = new Map<Part, { readonly resolve: () => void; readonly reject: (fault: SetupFault) => void }>();
    const ask = async (kind: 'kill' | 'revive', part: Part): Promise<void> => {
      socket.ref();
      send(socket, { kind, part });
      await new Promise<void>((resolve, reject) => awaited.set(part, { resolve, reject })).finally(() => socket.unref());
    };
    const leave = async (): Promise<void> => {
      isLeaving = true;
      socket.ref();
      send(socket, { kind: 'leave' });
      await closed;
    };
    const endedEarly = `The keeper of the servers ended unexpectedly: ${KEEPER_LOG} says why.`;
    const hear = (answer: Answer): void => {
      if (answer.kind === 'say') say(answer.sentence);
      if (answer.kind === 'lost') tellLost(answer.sentence);
      if (answer.kind === 'done') awaited.get(answer.part)?.resolve();
      if (answer.kind === 'failed') awaited.get(answer.part)?.reject(new SetupFault(answer.sentence));
      if (answer.kind === 'fault') void leave().then(() => reject(new SetupFault(answer.sentence)));
      if (answer.kind === 'ready') {
        socket.unref();
        resolve({ kind: answer.stack, addresses: answer.addresses, lost, leave, kill: (part) => ask('kill', part), revive: (part) => ask('revive', part) });
      }
    };
    onMessage(socket, answerSchema, hear);
    socket.on('error', () => undefined); // followed by close
    void closed.then(() => {
      if (isLeaving) return;
      for (const answer of awaited.values()) answer.reject(new SetupFault(endedEarly));
      tellLost(endedEarly);
      reject(new SetupFault(endedEarly));
    });
    send(socket, { kind: 'join', token, parts: [...parts] });
  });
}

/** Connects to the running keeper, or starts one; one that is just ending is waited for. */
async function reachKeeper(): Promise<{ socket: Socket; token: string }> {
  const endsAt = performance.now() + JOIN_DEADLINE_MS;
  let started: { hasEnded: boolean } | undefined;
  while (performance.now() < endsAt) {
    const reached = await connectToEndpoint();
    if (reached !== undefined) return reached;
    if (runningKeeper() === undefined && (started === undefined || started.hasEnded)) started = startKeeper();
    await pause(RETRY_EVERY_MS);
  }
  throw new SetupFault(`The keeper of the servers did not answer within ${JOIN_DEADLINE_MS / 1000} s: ${KEEPER_LOG} says why.`);
}

function startKeeper(): { hasEnded: boolean } {
  mkdirSync(LOGS, { recursive: true });
  const log = openSync(KEEPER_LOG, 'a', 0o600);
  const keeper = spawn(process.execPath, [KEEPER], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  keeper.unref();
  const state = { hasEnded: false };
  keeper.once('exit', () => (state.hasEnded = true));
  return state;
}

async function connectToEndpoint(): Promise<{ socket: Socket; token: string } | undefined> {
  if (!existsSync(ENDPOINT_FILE)) return undefined;
  const { port, token } = endpointSchema.parse(JSON.parse(readFileSync(ENDPOINT_FILE, 'utf8')));
  const socket = connect({ host: '127.0.0.1', port });
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve({ socket, token }));
    socket.once('error', () => resolve(undefined));
  });
}
