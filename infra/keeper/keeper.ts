/**
 * The keeper: one background process a clone that holds the stack's servers for all who use them at the same time
 * (a running Crossdock, a test run). Each user holds a connection; when the last one is gone, orderly or not, the keeper ends
 * the servers and itself. The keeper's own guardian ends the servers when the keeper is killed.
 */
import { createServer, type Socket } from 'node:net';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ComposeServers, dockerAnswers } from '../compose.ts';
import { SetupFault } from '../launch/setup-fault.mjs';
import { EmbeddedServers } from '../native/embedded-servers.ts';
import type { ServerContext } from '../native/server-start.ts';
import { claimPortOffset } from '../ports.ts';
import { writePrivateFile } from '../secrets.ts';
import { Guardian } from '../supervise/guardian-client.ts';
import { type Answer, ENDPOINT_FILE, LOCK_FILE, makeToken, onMessage, type Part, requestSchema, send } from './keeper-protocol.ts';
import type { KeptServers } from './kept-servers.ts';
import { runningKeeper } from './running-keeper.ts';

/** Held while the servers use their usual ports. */
const CLAIM_PORT = 54_328;
const FIRST_USER_DEADLINE_MS = 10_000;
const LOCK_SETTLES_MS = 100;

if (!(await takeLock())) process.exit(0);

const users = new Set<Socket>();
const token = makeToken();
const tellAll = (answer: Answer): void => users.forEach((user) => send(user, answer));
/** Every user is told these. */
const notices: string[] = [];
const context: ServerContext = {
  guardian: new Guardian(),
  environment: process.env,
  say: (sentence) => tellAll({ kind: 'say', sentence }),
  portOffset: await claimPortOffset(CLAIM_PORT, (sentence) => notices.push(sentence)),
};
const servers: KeptServers = dockerAnswers()
  ? new ComposeServers(context)
  : new EmbeddedServers(context, (sentence) => tellAll({ kind: 'lost', sentence }));
let isEnding = false;

const server = createServer((user) => {
  user.on('error', () => undefined); // a broken connection is closed as well
  user.on('close', () => leave(user));
  onMessage(user, requestSchema, (request) => {
    if (request.kind === 'leave') leave(user);
    else if (request.kind === 'join') takeIn(user, request.token, request.parts);
    else if (users.has(user)) void breakOrMend(user, request);
    else user.destroy();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the keeper has no port');
  writePrivateFile(ENDPOINT_FILE, JSON.stringify({ pid: process.pid, port: address.port, token }));
});
setTimeout(() => users.size === 0 && void end(), FIRST_USER_DEADLINE_MS).unref();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

function takeIn(user: Socket, givenToken: string, parts: readonly Part[]): void {
  if (givenToken === token) void join(user, parts);
  else user.destroy();
}

async function join(user: Socket, parts: readonly Part[]): Promise<void> {
  users.add(user);
  for (const sentence of notices) send(user, { kind: 'say', sentence });
  try {
    send(user, { kind: 'ready', stack: servers.kind, addresses: await servers.start(parts) });
  } catch (error) {
    if (!(error instanceof SetupFault)) console.error(error);
    send(user, { kind: 'fault', sentence: error instanceof SetupFault ? error.message : `The servers could not be started: ${String(error)}` });
  }
}

/** Kills one server, or brings it back; whoever uses the stack with others leaves this alone. */
async function breakOrMend(user: Socket, { kind, part }: { readonly kind: 'kill' | 'revive'; readonly part: Part }): Promise<void> {
  try {
    await (kind === 'kill' ? servers.kill(part) : servers.start([part]));
    send(user, { kind: 'done', part });
  } catch (error) {
    send(user, { kind: 'failed', part, sentence: error instanceof Error ? error.message : String(error) });
  }
}

function leave(user: Socket): void {
  const wasUser = users.delete(user);
  if (wasUser && users.size === 0) void end();
  else user.end();
}

/** Takes no more users, ends the servers, gives the lock free, and only then closes the connections: that is how a user learns of it. */
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  server.close();
  rmSync(ENDPOINT_FILE, { force: true });
  await servers.stop();
  rmSync(LOCK_FILE, { force: true });
  process.exit(0);
}

/** Whether this process is the one keeper. Two that find a dead one's lock may both replace it: the later one stands. */
async function takeLock(): Promise<boolean> {
  if (runningKeeper() !== undefined) return false;
  mkdirSync(dirname(LOCK_FILE), { recursive: true, mode: 0o700 });
  rmSync(LOCK_FILE, { force: true });
  try {
    writeFileSync(LOCK_FILE, `${process.pid}\n`, { flag: 'wx' });
  } catch {
    return false;
  }
  await pause(LOCK_SETTLES_MS);
  return readFileSync(LOCK_FILE, 'utf8') === `${process.pid}\n`;
}
