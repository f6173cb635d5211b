import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { VendorRefusal } from './vendor-refusal.ts';

/** Faults of one answer. `revoke-token` and `expire-token` act at once and are the vendors' own business. */
export const answerFaultSchema = z.object({
  kind: z.enum(['latency', 'status', 'reset', 'slow-body', 'rate-limit']),
  times: z.int().min(1).default(1),
  /** A regular expression over method and path, such as `^POST .*batch/upsert`. */
  pathPattern: z.string().default(''),
  /** The portal whose calls it strikes, where the vendor's tokens name one; left out, everybody's. */
  account: z.string().optional(),
  /** `after`: the vendor has done the work and only its answer is lost or spoilt. */
  phase: z.enum(['before', 'after']).default('before'),
  latencyMs: z.int().min(0).max(600_000).default(1_000),
  status: z.int().min(300).max(599).default(503),
  body: z.unknown().optional(),
  retryAfterSeconds: z.int().min(0).optional(),
});
export type AnswerFault = z.infer<typeof answerFaultSchema>;
export type AnswerFaultInput = z.input<typeof answerFaultSchema>;

/** What the vendor says when it is out of order, and when a caller is too fast. */
export interface FaultAnswers {
  status(status: number): VendorRefusal;
  rateLimit(retryAfterSeconds: number | undefined): VendorRefusal;
}

const slowBodyPieces = 10;

/** Faults on demand for one vendor's stand-in, each for a number of answers that fit its pattern. */
export class FaultInjection {
  private readonly answers: FaultAnswers;
  private readonly onlyByName: RegExp | undefined;
  private readonly accountOf: ((request: FastifyRequest) => string | undefined) | undefined;
  private readonly open: { fault: AnswerFault; pattern: RegExp; left: number }[] = [];
  private readonly waiting = new WeakMap<FastifyRequest, AnswerFault>();

  /**
   * @param onlyByName calls that no fault strikes but one with a pattern.
   * @param accountOf whose call it is; without it a fault is for all accounts.
   */
  constructor(answers: FaultAnswers, { onlyByName, accountOf }: { onlyByName?: RegExp; accountOf?: (request: FastifyRequest) => string | undefined } = {}) {
    this.answers = answers;
    this.onlyByName = onlyByName;
    this.accountOf = accountOf;
  }

  /** Whether a fault may be for one account alone. */
  get tellsAccounts(): boolean {
    return this.accountOf !== undefined;
  }

  /** Throws SyntaxError when the pattern is not a regular expression. */
  add(fault: AnswerFault): void {
    this.open.push({ fault, pattern: new RegExp(fault.pathPattern), left: fault.times });
  }

  clear(): void {
    this.open.length = 0;
  }

  /** The vendor's plain words for a status: also used for a body that cannot be read at all. */
  plainRefusal(status: number): VendorRefusal {
    return this.answers.status(status);
  }

  /** Puts the faults in front of and behind every route of this scope. */
  attach(scope: FastifyInstance): void {
    scope.addHook('onRequest', async (request, reply) => {
      const fault = this.take(request);
      if (fault === undefined) return undefined;
      if (fault.phase === 'after' || fault.kind === 'slow-body') {
        this.waiting.set(request, fault);
        return undefined;
      }
      return await this.strikeBefore(fault, request, reply);
    });
    scope.addHook('onSend', async (request, reply, payload) => {
      const fault = this.waiting.get(request);
      return fault === undefined ? payload : await this.strikeAfter(fault, request, reply, payload);
    });
  }

  private take(request: FastifyRequest): AnswerFault | undefined {
    const line = `${request.method} ${request.url}`;
    const entry = this.open.find(({ left, pattern, fault: { pathPattern, account } }) => left > 0 && pattern.test(line)
      && (pathPattern !== '' || this.onlyByName?.test(line) !== true) && (account === undefined || this.accountOf?.(request) === account));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault;
  }

  private async strikeBefore(fault: AnswerFault, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (fault.kind === 'latency') {
      await wait(fault.latencyMs);
      return undefined;
    }
    if (fault.kind === 'reset') {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    const refusal = this.refusal(fault);
    return await reply.code(refusal.status).headers(refusal.headers).send(fault.body ?? refusal.body);
  }

  private async strikeAfter(
    fault: AnswerFault,
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> {
    if (fault.kind === 'latency') await wait(fault.latencyMs);
    if (fault.kind === 'latency') return payload;
    if (fault.kind === 'slow-body') {
      return typeof payload === 'string' ? Readable.from(inPieces(payload, fault.latencyMs)) : payload;
    }
    if (fault.kind === 'reset') {
      request.raw.socket.destroy();
      return payload;
    }
    const refusal = this.refusal(fault);
    reply.code(refusal.status).headers(refusal.headers);
    return JSON.stringify(fault.body ?? refusal.body);
  }

  private refusal(fault: AnswerFault): VendorRefusal {
    return fault.kind === 'rate-limit'
      ? this.answers.rateLimit(fault.retryAfterSeconds)
      : this.answers.status(fault.status);
  }
}

async function* inPieces(text: string, totalMs: number): AsyncGenerator<string> {
  const size = Math.max(1, Math.ceil(text.length / slowBodyPieces));
  const pieces = Math.ceil(text.length / size);
  for (let start = 0; start < text.length; start += size) {
    await wait(totalMs / pieces);
    yield text.slice(start, start + size);
  }
}
