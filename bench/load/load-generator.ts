/** Sends signed orders over several connections from a process of its own; runs one plan after the other, as its parent says. */
import { performance } from 'node:perf_hooks';
import { latencyOf } from '../series.ts';
import { HttpConnection } from './http-connection.ts';
import type { LoadPlan, LoadResult } from './load-protocol.ts';
import { signedOrderRequest } from './signed-order.ts';

process.on('message', (plan: LoadPlan) => void run(plan).then((result) => process.send?.(result)));
process.once('disconnect', () => process.exit());

async function run({ port, paths, secret, connections, requests, firstId, seconds }: LoadPlan): Promise<LoadResult> {
  const prepared = Array.from({ length: requests }, (_, index) => signedOrderRequest({ path: paths[index % paths.length] ?? '/', secret, id: firstId + index }));
  const opened = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const durationsMs: number[] = [];
  const refused: Record<string, number> = {};
  let next = 0;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const deadlineMs = startedMs + seconds * 1_000;

  const drive = (connection: HttpConnection): Promise<void> => new Promise((resolve) => {
    const sendNext = (): void => {
      const request = prepared[next];
      const sentMs = performance.now();
      if (request === undefined || sentMs >= deadlineMs) {
        resolve();
        return;
      }
      next += 1;
      connection.send(request, (status) => {
        if (status === '200') durationsMs.push(performance.now() - sentMs);
        else refused[status] = (refused[status] ?? 0) + 1;
        sendNext();
      });
    };
    sendNext();
  });
  await Promise.all(opened.map(drive));

  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const connection of opened) connection.close();
  return { accepted: durationsMs.length, refused, seconds: elapsedSeconds, ...latencyOf(durationsMs), cpuSeconds: (user + system) / 1e6 };
}
