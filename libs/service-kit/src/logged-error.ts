/** What is logged of an error. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Fields that say what went wrong and hold nothing that was sent: our own, Node's and PostgreSQL's. */
const harmless = ['code', 'kind', 'retryAfterMs', 'syscall', 'schema', 'table', 'column', 'constraint', 'statusCode'];
const maxCauses = 3;

/**
 * Describes an error by its words, its place and the harmless ones of its fields. Errors of databases and HTTP clients
 * carry far more: a statement's parameters, the refused row, a request with its token. None of that belongs in a log.
 */
export function describeError(error: unknown, causesLeft = maxCauses): LoggedError | undefined {
  if (error === undefined || error === null) return undefined;
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' };
  const fields = harmless.flatMap((field) => {
    const value: unknown = Reflect.get(error, field);
    return typeof value === 'string' || typeof value === 'number' ? [[field, value] as const] : [];
  });
  const cause = causesLeft > 0 ? describeError(error.cause, causesLeft - 1) : undefined;
  return {
    type: error.constructor.name, message: messageOf(error), ...Object.fromEntries(fields),
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)).join('\n'), ...(cause && { cause }),
  };
}

/** PostgreSQL's data exceptions (class 22) and JSON's syntax errors quote what they could not read. */
function messageOf(error: Error): string {
  const quotes = error instanceof SyntaxError || ('code' in error && /^22[0-9A-Z]{3}$/.test(String(error.code)));
  return quotes ? error.message.replace(/"[^]*"/, '"…"') : error.message;
}
