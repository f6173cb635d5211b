import { HttpException } from '@nestjs/common';
import type { FastifyError } from 'fastify';
import { z, ZodError } from 'zod';
import { Failure, type FailureKind } from '@crossdock/contracts';

/** An RFC 9457 problem: `code` is stable, `detail` is for people. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  /** Places of the request that are wrong, by JSON pointers (RFC 6901), and what is wrong there. */
  readonly errors?: ReadonlyArray<{ readonly pointer: string; readonly detail: string }>;
  /** Of what was named ambiguously, what may be meant. */
  readonly candidates?: readonly string[];
}

const statusOfFailure: Record<FailureKind, number> = {
  transient: 503,
  outcome_unknown: 503,
  rate_limited: 429,
  quota_exhausted: 429,
  unauthorised: 502,
  forbidden: 502,
  conflict: 409,
  cursor_expired: 409,
  dependency_missing: 409,
  invalid: 422,
  not_found: 404,
  unexpected: 500,
};

const titles: Record<number, string> = {
  400: 'The request is malformed',
  401: 'The caller is not authenticated',
  403: 'The caller may not do this',
  404: 'Not found',
  409: 'The request conflicts with the present state',
  412: 'The record has changed since it was read',
  413: 'The request body is too large',
  415: 'The content type is not supported',
  422: 'The request is not valid',
  428: 'The request must say what it has seen',
  429: 'Too many requests',
  502: 'A system behind this one refused',
  503: 'Temporarily unavailable',
};

/** PostgreSQL and network codes that mean "the database is away", not "the statement is wrong". */
const databaseAway = /^(08|57P0|53[0-9]{2})|^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE)$/;

/** Whether an error says that the database cannot be reached or takes no work at present. */
export function isDatabaseAway(error: unknown): boolean {
  // An error of Node's own may come from another realm, where `instanceof` is false.
  if (!Error.isError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (databaseAway.test(code)) return true;
  if (/Connection terminated|not queryable|timeout exceeded when trying to connect|Connection ended/.test(error.message)) return true;
  return 'driverError' in error && isDatabaseAway(error.driverError);
}

/** What a caller is told of something that was thrown: the same by every interface. Only what is meant for callers gets out. */
export function describeProblem(thrown: unknown): Problem {
  if (thrown instanceof Failure) {
    const status = statusOfFailure[thrown.kind];
    const detail = thrown.kind === 'unexpected' ? 'The fault is on our side and has been recorded.' : thrown.message;
    const waitSeconds = status === 503 || status === 429 ? Math.ceil((thrown.retryAfterMs ?? 5_000) / 1_000) : undefined;
    return {
      status, code: thrown.kind, title: titleOf(status), detail,
      ...(waitSeconds !== undefined && { retryAfterSeconds: waitSeconds }),
      ...(thrown.pointer !== undefined && { errors: [{ pointer: thrown.pointer, detail }] }),
    };
  }
  if (thrown instanceof ZodError) {
    return {
      status: 422, code: 'invalid', title: titleOf(422), detail: 'Some fields are missing or wrong; see errors.',
      errors: thrown.issues.map((issue) => ({ pointer: pointerTo(issue.path), detail: issue.message })),
    };
  }
  if (thrown instanceof HttpException) return { ...describeStatus(thrown.getStatus(), thrown.message), ...givenTo(thrown) };
  if (isDatabaseAway(thrown)) {
    return { ...describeStatus(503, 'The database does not answer; the same request may be sent again.'), retryAfterSeconds: 5 };
  }
  if (isUnstorable(thrown)) return describeStatus(422, 'A text holds a character that cannot be stored, such as NUL.');
  if (isFastifyError(thrown)) return describeStatus(thrown.statusCode, thrown.message);
  return describeStatus(500, 'The fault is on our side and has been recorded.');
}

/** A JSON pointer to a place in what was sent. RFC 6901, section 3: what would read as the pointer's own signs is escaped. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return `/${path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
}

/** PostgreSQL’s codes for a text that its encoding, or its JSON, has no place for: JSON of callers may hold what a database may not. */
const unstorableSchema = z.object({ driverError: z.object({ code: z.enum(['22021', '22P05']) }) });

function isUnstorable(thrown: unknown): boolean {
  return unstorableSchema.safeParse(thrown).success;
}

const givenSchema = z.object({
  code: z.string().exactOptional(),
  retryAfterSeconds: z.int().exactOptional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).exactOptional(),
  candidates: z.array(z.string()).exactOptional(),
});

/** The code of its own that an exception was given, which fields are wrong, what may be meant, and how long to wait: `new ForbiddenException({ code, message })`. */
function givenTo(thrown: HttpException): z.infer<typeof givenSchema> {
  return givenSchema.safeParse(thrown.getResponse()).data ?? {};
}

/** What an exception is given where one place of the request is wrong, such as a name that is taken: `new ConflictException(wrongAt('/name', '…'))`. */
export function wrongAt(pointer: string, message: string): { readonly message: string; readonly errors: ReadonlyArray<{ readonly pointer: string; readonly detail: string }> } {
  return { message, errors: [{ pointer, detail: message }] };
}

function isFastifyError(thrown: unknown): thrown is FastifyError & { statusCode: number } {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number' && thrown.statusCode < 500;
}

function describeStatus(status: number, detail: string): Problem {
  return { status, code: titleOf(status).toLowerCase().replaceAll(/[^a-z]+/g, '_'), title: titleOf(status), detail };
}

function titleOf(status: number): string {
  return titles[status] ?? (status >= 500 ? 'Internal error' : 'The request was refused');
}
