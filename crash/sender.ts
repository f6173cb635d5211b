import { setTimeout as pause } from 'node:timers/promises';
import type { RequestCount } from './request-count.ts';

const TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 50;
const GIVE_UP_AFTER_MS = 120_000;

/** A request that may be repeated, such as a webhook. */
export interface Repeatable {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends a request to one of several replicas until one of them answers 200, as a vendor that repeats its webhooks does.
 * @param urls the replicas there are at present; any of them comes first
 * @param count gets each attempt
 */
export async function sendUntilAccepted({ path, headers, body }: Repeatable, urls: () => readonly string[], count: RequestCount): Promise<void> {
  const endsAt = performance.now() + GIVE_UP_AFTER_MS;
  for (let tries = Math.floor(Math.random() * 1_000); ; tries += 1) {
    const candidates = urls();
    const url = candidates[tries % candidates.length];
    const status = url === undefined ? undefined : await post(`${url}${path}`, headers, body);
    count.add(status === 200 ? undefined : `POST ${path}: ${status ?? 'no answer'}`);
    if (status === 200) return;
    if (status !== undefined && status < 500) throw new Error(`POST ${path} was answered ${status}, which repeating does not mend.`);
    if (performance.now() > endsAt) throw new Error(`POST ${path} was not accepted within ${GIVE_UP_AFTER_MS / 1_000} s; the last answer was ${status ?? 'none'}.`);
    await pause(AGAIN_AFTER_MS);
  }
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
