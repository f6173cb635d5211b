/** Fields that may hold secrets or personal data; they never reach a log, whoever passes them. */
const secretNames: ReadonlySet<string> = new Set([
  'authorization', 'cookie', 'password', 'secret', 'token', 'accessToken', 'refreshToken', 'email', 'phone', 'body', 'payload',
]);
const censor = '[redacted]';
/** Nothing that is logged on purpose lies deeper; what does is not shown. */
const levels = 4;
const tooDeep = '[too deep]';

/**
 * The fields of a log line without what may be secret among them, at whatever level; the same object where there is nothing to hide. pino's own
 * redaction goes through every path for every line, and a line took ten times as long.
 * @param apart the name of a field that is put into words by itself
 */
export function redactFields<Fields extends object>(fields: Fields, apart: string): Fields | Record<string, unknown> {
  return redactEntries(fields, levels, apart);
}

function redactEntries<Fields extends object>(fields: Fields, levelsLeft: number, apart?: string): Fields | Record<string, unknown> {
  let redacted: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields)) {
    const shown: unknown = name === apart ? value : shownOf(name, value, levelsLeft);
    if (shown === value) continue;
    redacted ??= Object.fromEntries(Object.entries(fields));
    redacted[name] = shown;
  }
  return redacted ?? fields;
}

function shownOf(name: string, value: unknown, levelsLeft: number): unknown {
  if (secretNames.has(name)) return value === undefined ? undefined : censor;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (levelsLeft === 1) return tooDeep;
  // What is in a list is on the list's level, unless it is a list.
  return Array.isArray(value) ? value.map((each: unknown) => shownOf('', each, Array.isArray(each) ? levelsLeft - 1 : levelsLeft)) : redactEntries(value, levelsLeft - 1);
}
