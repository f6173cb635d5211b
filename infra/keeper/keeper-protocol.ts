import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { STATE } from '../launch/folders.mjs';

/** A server of the stack. */
export const partSchema = z.enum(['postgres', 'kafka', 'redis']);
export type Part = z.infer<typeof partSchema>;

/** Where a keeper listens, and the word that shows that the caller may read this folder. */
export const endpointSchema = z.object({ pid: z.int(), port: z.int(), token: z.string() });

/** Where the running keeper writes its {@link endpointSchema}. */
export const ENDPOINT_FILE = join(STATE, 'run', 'keeper.json');

/** Held by the one keeper that may run, from before it listens until everything it started has ended. */
export const LOCK_FILE = join(STATE, 'run', 'keeper.pid');

/** From a user of the stack to its keeper. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('join'), token: z.string(), parts: z.array(partSchema) }),
  z.object({ kind: z.literal('leave') }),
  z.object({ kind: z.literal('kill'), part: partSchema }),
  z.object({ kind: z.literal('revive'), part: partSchema }),
]);
export type Request = z.infer<typeof requestSchema>;

/**
 * From the keeper to a user; `ready` carries an address for each part that was asked for, `lost` tells of a server that
 * ended by itself, `done` and `failed` answer `kill` and `revive`.
 */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('say'), sentence: z.string() }),
  z.object({ kind: z.literal('ready'), stack: z.enum(['compose', 'native']), addresses: z.partialRecord(partSchema, z.string()) }),
  z.object({ kind: z.literal('fault'), sentence: z.string() }),
  z.object({ kind: z.literal('lost'), sentence: z.string() }),
  z.object({ kind: z.literal('done'), part: partSchema }),
  z.object({ kind: z.literal('failed'), part: partSchema, sentence: z.string() }),
]);
export type Answer = z.infer<typeof answerSchema>;

export function makeToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Sends one message as a line of JSON. */
export function send(socket: Socket, message: Request | Answer): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls `hear` for each message; a line that is none ends the connection. */
export function onMessage<T>(socket: Socket, schema: z.ZodType<T>, hear: (message: T) => void): void {
  createInterface({ input: socket }).on('line', (line) => {
    const message = parseLine(line, schema);
    if (message === undefined) socket.destroy();
    else hear(message);
  });
}

function parseLine<T>(line: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
