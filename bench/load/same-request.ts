import { performance } from 'node:perf_hooks';
import type { Measurement } from '../bench.ts';
import { latencyOf } from '../series.ts';
import { HttpConnection } from './http-connection.ts';

/** One request as bytes, to be sent again and again. */
export function postRequest({ path, headers, body }: { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }): Buffer {
  const text = JSON.stringify(body);
  const lines = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)), ...headers });
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`);
}

/** Sends a request over several connections for so long, each time when the answer to the last is there. @throws Error where one is not answered 200. */
export async function sendAgainAndAgain(request: Buffer, { port, connections, seconds }: { readonly port: number; readonly connections: number; readonly seconds: number }): Promise<Measurement> {
  const opened = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const durationsMs: number[] = [];
  const startedMs = performance.now();
  const deadlineMs = startedMs + seconds * 1_000;
  const drive = (connection: HttpConnection): Promise<void> => new Promise((resolve, reject) => {
    const sendNext = (): void => {
      const sentMs = performance.now();
      if (sentMs >= deadlineMs) {
        resolve();
        return;
      }
      connection.send(request, (status) => {
        if (status !== '200') {
          reject(new Error(`A look-up was answered ${status}.`));
          return;
        }
        durationsMs.push(performance.now() - sentMs);
        sendNext();
      });
    };
    sendNext();
  });
  try {
    await Promise.all(opened.map(drive));
  } finally {
    for (const connection of opened) connection.close();
  }
  return { count: durationsMs.length, seconds: (performance.now() - startedMs) / 1_000, latency: latencyOf(durationsMs) };
}
