/**
 * The guardian: a process of its own that ends what it watches when its stdin closes, that is, when whoever started it is gone,
 * be it by kill -9. So no server and no service outlives its launcher, whatever language it is written in.
 * Lines it reads: `watch <pid> <signal>` and `release <pid>`; a pid stands for the process group it leads.
 */
import { createInterface } from 'node:readline';
import { signalGroup } from './process-group.ts';
import { waitFor } from './wait-for.ts';

const GRACE_MS = 4_000;

const watched = new Map<number, NodeJS.Signals>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, pidText, signal] = line.split(' ');
  const pid = Number(pidText);
  if (verb === 'watch') watched.set(pid, signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  if (verb === 'release') watched.delete(pid);
}

const isAlive = (pid: number): boolean => signalGroup(pid, 0);
for (const [pid, signal] of watched) signalGroup(pid, signal);
await waitFor(() => ![...watched.keys()].some(isAlive), GRACE_MS);
for (const pid of watched.keys()) signalGroup(pid, 'SIGKILL');
