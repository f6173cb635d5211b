import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { type JourneyTable, JourneyTableBuilder } from './journey-table.ts';

/** What stands between two channels of a path. */
const separator = '>';

/** A file of journeys that cannot be read as one; the message names the line and what to do. */
export class JourneyCsvFault extends Error {
  override readonly name = 'JourneyCsvFault';
}

/**
 * Reads journeys from CSV with a line of names: `path` (channels joined by ` > `), `total_conversions`, and, where they are there,
 * `total_conversion_value` and `total_null` (0 where they are not). Other columns are passed over.
 */
export async function readJourneyCsv(input: Readable | string): Promise<JourneyTable> {
  const builder = new JourneyTableBuilder();
  const parser = parse({
    bom: true, columns: requireColumns, record_delimiter: ['\r\n', '\n'], skip_empty_lines: true, trim: true, info: true,
  });
  // Ends the loop below with the input's own fault, such as a file that is not there.
  pipeline(typeof input === 'string' ? Readable.from([input]) : input, parser, () => undefined);
  try {
    for await (const row of parser as AsyncIterable<{ record: Readonly<Record<string, string>>; info: { lines: number } }>) {
      addRow(builder, row.record, row.info.lines);
    }
  } catch (error) {
    if (error instanceof JourneyCsvFault) throw error;
    if (error instanceof RangeError || isOfParser(error)) throw new JourneyCsvFault(error.message);
    throw error;
  }
  return builder.build();
}

function requireColumns(names: readonly string[]): string[] {
  for (const name of ['path', 'total_conversions']) {
    if (!names.includes(name)) throw new JourneyCsvFault(`The file has no column "${name}"; its first line names ${names.join(', ')}.`);
  }
  return [...names];
}

function addRow(builder: JourneyTableBuilder, row: Readonly<Record<string, string>>, line: number): void {
  const path = (row['path'] ?? '').split(separator).map((channel) => channel.trim());
  if (path.includes('')) throw new JourneyCsvFault(`Line ${line}: the path "${row['path'] ?? ''}" has a place without a channel.`);
  const numberOf = (column: string): number => readNumber(row[column], { column, line });
  builder.add(path, {
    conversions: numberOf('total_conversions'), value: numberOf('total_conversion_value'), nulls: numberOf('total_null'),
  });
}

function readNumber(text: string | undefined, { column, line }: { column: string; line: number }): number {
  if (text === undefined || text === '') return 0;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) {
    throw new JourneyCsvFault(`Line ${line}: "${text}" in column "${column}" is no number from 0.`);
  }
  return number;
}

/** The parser's own faults name the line already. */
function isOfParser(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}
