/**
 * Reads CSV with a line of names, as Bulk API 2.0 writes it: commas, values in quotes where they hold one, quotes doubled.
 * @returns a record a line; an empty value is null.
 */
export function readCsv(text: string): Array<Record<string, string | null>> {
  const [names = [], ...lines] = linesOf(text);
  return lines.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] === undefined || values[index] === '' ? null : values[index]])));
}

/** A value, and what ends it: a comma, a line, or the text. */
const valuePattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  valuePattern.lastIndex = 0;
  while (valuePattern.lastIndex < text.length) {
    const match = valuePattern.exec(text);
    if (match === null) throw new SyntaxError('The text is no CSV.');
    const [, quoted, plain = '', end] = match;
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
  return lines;
}
