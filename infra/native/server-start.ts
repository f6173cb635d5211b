import { join } from 'node:path';
import { LOGS, STATE } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import type { Guardian } from '../supervise/guardian-client.ts';
import { endLeftover } from '../supervise/leftover.ts';
import { ManagedProcess, type ProcessPlan } from '../supervise/managed-process.ts';
import { waitFor } from '../supervise/wait-for.ts';
import { writePrivateFile } from '../secrets.ts';

const START_DEADLINE_MS = 60_000;

/** What every server of the embedded stack is given when it starts. */
export type ServerContext = {
  readonly guardian: Guardian;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (sentence: string) => void;
  /** How far the usual port numbers are moved up. */
  readonly portOffset: number;
};

/** A server that answers: how to reach it, and the process behind it. */
export type RunningServer = { readonly address: string; readonly process: ManagedProcess };

export type ServerPlan = Pick<ProcessPlan, 'program' | 'args' | 'stopSignal' | 'environment'> & {
  readonly name: 'postgres' | 'kafka' | 'redis';
  readonly address: string;
  /** Resolves when the server really answers a question, rejects when it does not (yet). */
  readonly probe: (address: string) => Promise<void>;
};

/** Where a server's process number is kept, so that a later run can end what a crashed one left behind. */
const pidFileOf = (name: string): string => join(STATE, 'run', `${name}.pid`);

/** Ends a server that a crashed run left behind; to be called before its port is chosen and its files are touched. */
export async function endLeftoverServer(name: ServerPlan['name']): Promise<void> {
  await endLeftover(pidFileOf(name), STATE);
}

/** Starts a server and waits until it answers. */
export async function startServer(plan: ServerPlan, guardian: Guardian): Promise<RunningServer> {
  const logFile = join(LOGS, `${plan.name}.log`);
  const server = await ManagedProcess.start({ ...plan, logFile, guardian, stopDeadlineMs: 6_000 });
  writePrivateFile(pidFileOf(plan.name), `${server.pid}\n`);
  const answers = async (): Promise<boolean> => await plan.probe(plan.address).then(() => true, () => false);
  await waitFor(async () => !server.isRunning || (await answers()), START_DEADLINE_MS);
  if (server.isRunning && (await answers())) return { address: plan.address, process: server };
  const how = server.isRunning ? `did not answer within ${START_DEADLINE_MS / 1000} s` : `ended with ${await server.ended}`;
  await server.stop();
  throw new SetupFault(`The embedded ${plan.name} ${how}: its log ${logFile} says why.`);
}
