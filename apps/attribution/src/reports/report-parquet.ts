import { parquetWriteBuffer, type BasicType } from 'hyparquet-writer';
import type { ReportLine } from './report-lines.ts';

interface Column {
  readonly name: string;
  readonly type: Extract<BasicType, 'STRING' | 'INT64' | 'DOUBLE'>;
  readonly valueOf: (line: ReportLine) => string | bigint | number;
}

/** The columns after the one that the report is by. */
const columns: readonly Column[] = [
  { name: 'touches', type: 'INT64', valueOf: ({ touches }) => BigInt(touches) },
  { name: 'model', type: 'STRING', valueOf: ({ model }) => model },
  { name: 'conversions', type: 'DOUBLE', valueOf: ({ conversions }) => conversions },
  { name: 'currency', type: 'STRING', valueOf: ({ currency }) => currency },
  { name: 'amount_minor', type: 'INT64', valueOf: ({ amountMinor }) => BigInt(amountMinor) },
];

/** The lines of the CSV file as an Apache Parquet file. What has no key is null. */
export function reportAsParquet(by: string, lines: readonly ReportLine[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: by, type: 'STRING', data: lines.map(({ key }) => key) },
      ...columns.map(({ name, type, valueOf }) => ({ name, type, nullable: false, data: lines.map(valueOf) })),
    ],
    createdBy: 'Crossdock',
  }));
}

const meanings = { STRING: 'text in UTF-8', INT64: 'whole number of 64 bits', DOUBLE: 'number of double precision' } as const;

/** What such a file holds, for people. */
export const reportParquetContent = 'An Apache Parquet file with the lines of the CSV file. Columns: what the report is by, such as `channel` (text in UTF-8, null where there is no key), '
  + `${columns.map(({ name, type }) => `\`${name}\` (${meanings[type]})`).join(', ')}.`;
