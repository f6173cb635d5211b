import { parse } from 'csv-parse/sync';

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
