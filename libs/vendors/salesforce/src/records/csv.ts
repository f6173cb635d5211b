import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { WireValue } from './field-values.ts';

/**
 * Reads CSV with a line of names, as Bulk API 2.0 writes it.
 * @returns a record a line; an empty value is null.
 * @throws CsvError with the line where the text is none.
 */
export function readCsv(text: string): Array<Record<string, string | null>> {
  return parse<Record<string, string | null>>(text, {
    columns: true, record_delimiter: ['\r\n', '\n'], cast: (value, { header }) => (header || value !== '' ? value : null),
  });
}

/**
 * Records as CSV with a line of names, as ingest jobs take it: a field that a record does not have is empty there and stays as it
 * is, and `#N/A` empties one.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/datafiles_prepare_csv.htm
 */
export function writeCsv(rows: ReadonlyArray<Readonly<Record<string, WireValue>>>): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((name) => cellOf(row[name])));
  return stringify([columns, ...cells], { quoted_string: true, record_delimiter: '\n' });
}

/** Whether CSV can say it: an empty text is no value there, and one text means none. */
export function isCsvValue(value: WireValue): boolean {
  return value !== '' && value !== nothing;
}

const nothing = '#N/A';

function cellOf(value: WireValue | undefined): string {
  return value === undefined ? '' : value === null ? nothing : String(value);
}
