import { randomUUID } from 'node:crypto';

/** One request inside a batch. */
export interface BatchPart {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Below the address of the interface, such as `contacts(…)?$select=contactid`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface BatchPartAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Writes requests as one `multipart/mixed` body, as OData's batches are.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function writeBatch(apiUrl: string, parts: readonly BatchPart[]): { contentType: string; body: string } {
  const boundary = `batch_${randomUUID()}`;
  const written = parts.map(({ method, path, headers = {}, body }) => [
    `--${boundary}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '',
    `${method} ${apiUrl}/${path} HTTP/1.1`, ...(body === undefined ? ['Accept: application/json'] : ['Content-Type: application/json']),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ...(body === undefined ? [] : [JSON.stringify(body)]), '',
  ].join('\r\n'));
  return { contentType: `multipart/mixed; boundary="${boundary}"`, body: `${written.join('')}--${boundary}--\r\n` };
}

/**
 * Reads the answer to a batch: one answer a request, in order. Those after a failure are missing where the batch ended there.
 * @returns undefined where the answer is no batch at all.
 */
export function readBatch(contentType: string | null, text: string): BatchPartAnswer[] | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const pieces = text.split(`--${boundary}`).slice(1, -1);
  const answers = pieces.map(readPart);
  return answers.every((answer) => answer !== undefined) ? answers : undefined;
}

function readPart(piece: string): BatchPartAnswer | undefined {
  const [, inner] = splitOnce(piece.replace(/^\r?\n/, ''), /\r?\n\r?\n/);
  const [head, body] = splitOnce(inner, /\r?\n\r?\n/);
  const [line = '', ...headerLines] = head.split(/\r?\n/);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(line)?.[1];
  if (status === undefined) return undefined;
  const headers = new Headers();
  for (const header of headerLines) {
    const [name, value] = splitOnce(header, /:\s*/);
    if (/^[\w-]+$/.test(name)) headers.append(name, value);
  }
  return { status: Number(status), headers, body: body.trim() };
}

function splitOnce(text: string, separator: RegExp): [string, string] {
  const match = separator.exec(text);
  return match === null ? [text, ''] : [text.slice(0, match.index), text.slice(match.index + match[0].length)];
}
