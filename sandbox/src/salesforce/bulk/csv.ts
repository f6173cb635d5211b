import { parse } from 'csv-parse/sync';

/** Records as CSV with a line of names; what is empty has no value. */
export function csvOf(names: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((values) => `${values.map(quoted).join(',')}\n`).join('');
}

/** The names of the first line, and a record for each further one. */
export function readCsv(text: string): { names: string[]; rows: Record<string, string>[] } {
  const [names = [], ...lines] = parse(text, { record_delimiter: ['\r\n', '\n'] });
  return { names, rows: lines.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))) };
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  return `"${text.replaceAll('"', '""')}"`;
}
