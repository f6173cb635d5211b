import { ApiProblem } from './api-problem.ts';

const adviceByCode: Readonly<Record<string, string>> = {
  unreachable: 'The hub cannot be reached. Check your network; what is shown may be out of date.',
  tenant_suspended: 'This tenant is suspended. Ask an operator.',
  tenant_deleted: 'This tenant was deleted. Ask an operator.',
  cursor_expired: 'The list has changed since it was read. Load it again.',
  dependency_missing: 'Something it builds upon is not there yet. Wait for that, then try again.',
  idempotency_key_in_use: 'The same request is under way already. Wait for its end.',
  idempotency_key_reused: 'This request was sent before with other contents. Load the page again and repeat it.',
  answer_shown_once: 'It was done before; its secret is not shown a second time.',
};

const adviceByStatus: Readonly<Record<number, string>> = {
  400: 'Correct the request and send it again.',
  401: 'Your session has ended. Sign in again; what you typed stays here.',
  403: 'Your role does not allow this. Ask an administrator of your tenant.',
  404: 'It is gone, or was never one of yours. Check the link.',
  409: 'It has moved on meanwhile. Look at how it is now, and decide again.',
  410: 'This is no longer offered. Load the page again.',
  412: 'Somebody else changed it after you opened it. Compare their version with yours, then save again.',
  413: 'It is too large. Send less at once.',
  415: 'Load the page again.',
  422: 'Correct what is named, and send it again.',
  428: 'Load it again before you change it.',
  500: 'The fault is ours and was recorded. If it stays, ask an operator.',
  502: 'A connected system refused. Look at the connection: it may need a person.',
};

/** What somebody can do about a failed call, as one or two sentences for people. */
export function adviceFor(problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return 'Load the page again. If that does not help, ask an operator.';
  const { status, code, retryAfterSeconds } = problem;
  if (status === 429 || status === 503) return retryAfterSeconds === undefined ? 'Try again in a while.' : `Try again in ${inWords(retryAfterSeconds)}.`;
  return adviceByCode[code] ?? adviceByStatus[status] ?? (status >= 500 ? 'Try again in a while.' : 'Load the page again.');
}

function inWords(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
