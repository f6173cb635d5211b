import * as z from 'zod/mini';

const problemSchema = z.looseObject({
  status: z.int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ pointer: z.string(), detail: z.string() }))),
  candidates: z.optional(z.array(z.string())),
});

/** A place of the request that is wrong: a JSON pointer into it, and what is wrong there. */
export interface WrongField {
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemParts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly WrongField[];
  readonly candidates?: readonly string[];
  readonly retryAfterSeconds?: number | undefined;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Why a call to the gateway came to nothing: its problem document (RFC 9457), or that there was no answer (`status` 0, `code` `unreachable`). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** The answer's HTTP status; 0 where nothing answered. */
  readonly status: number;
  /** Does not change between versions; see docs/interface.md. */
  readonly code: string;
  readonly errors: readonly WrongField[];
  /** Which records may be meant, where what was named stands for several. */
  readonly candidates: readonly string[];
  readonly retryAfterSeconds: number | undefined;
  /** All members of the problem document, for those that one kind of problem adds. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor({ status, code, detail, errors = [], candidates = [], retryAfterSeconds, members = {} }: ProblemParts, options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.candidates = candidates;
    this.retryAfterSeconds = retryAfterSeconds;
    this.members = members;
  }
}

/** Reads a refusal. What is no problem document, such as a proxy's page, is known by its status alone. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const retryAfterSeconds = waitOf(response.headers.get('retry-after'));
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return new ApiProblem({ status, code: 'unknown', detail: `The answer was ${status}, without a reason.`, retryAfterSeconds });
  const { code, detail, errors = [], candidates = [] } = problem.data;
  return new ApiProblem({ status, code, detail, errors, candidates, retryAfterSeconds, members: problem.data });
}

/** `Retry-After` as the gateway writes it, in seconds. */
function waitOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
