import { z } from 'zod';

/**
 * What kind of failure this is, named for what the hub should do next. The set is closed: the task queue turns
 * each kind into retry, defer, park or dead letter, and the compiler refuses a kind without an answer.
 */
export const failureKinds = [
  /** Network fault, timeout before anything was sent, 408, 5xx: the same call may work later. */
  'transient',
  /** Sent, but no answer came: look the record up before repeating. */
  'outcome_unknown',
  /** The vendor asks for a pause of seconds (429). */
  'rate_limited',
  /** The day's quota is used up: wait for its reset, do not knock again. */
  'quota_exhausted',
  /** Credentials are refused: refresh once, then a person must reconnect. */
  'unauthorised',
  /** Credentials are valid, the permission or edition is missing: a person must grant it. */
  'forbidden',
  /** Somebody changed the record in between: read it again and redo. */
  'conflict',
  /** The vendor does not know any more what has changed since the cursor: read everything anew. */
  'cursor_expired',
  /** Something this work builds upon is not there yet. */
  'dependency_missing',
  /** The vendor refuses the data itself; repeating it cannot help. */
  'invalid',
  /** The record does not exist at the vendor. */
  'not_found',
  /** The vendor answered something its documents do not describe, or a fault of ours. */
  'unexpected',
] as const;

export const failureKindSchema = z.enum(failureKinds);
export type FailureKind = (typeof failureKinds)[number];

export interface FailureDetails {
  /** The record it happened to, such as `hubspot deal 123` or `order 7f3c…`. Never personal data. */
  readonly record?: string;
  /** How long to wait before the next try, where the vendor said so. */
  readonly retryAfterMs?: number;
  /** Field the vendor complained about, by the vendor's name. */
  readonly field?: string;
  /** The place of the caller's own request that is wrong, as a JSON pointer (RFC 6901) such as `/sides/1`: callers are told. */
  readonly pointer?: string;
  readonly cause?: unknown;
}

/**
 * An error whose kind decides what happens next and whose message tells a person what happened, to which record
 * and what to do. Messages hold no secret and no personal data, so they may be logged and stored.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly record: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly field: string | undefined;
  readonly pointer: string | undefined;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.record = details.record;
    this.retryAfterMs = details.retryAfterMs;
    this.field = details.field;
    this.pointer = details.pointer;
  }
}

/** The failure inside an unknown thrown value; anything that is not a `Failure` counts as `unexpected`. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('unexpected', message, { cause: thrown });
}
