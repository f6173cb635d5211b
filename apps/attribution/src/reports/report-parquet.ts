import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ReportLine } from './report-lines.ts';

/**
 * The lines of the CSV file as an Apache Parquet file: texts in UTF-8, `touches` and `amount_minor` as whole numbers of 64 bits, `conversions` in double
 * precision. What has no key is null.
 */
export function reportAsParquet(by: string, lines: readonly ReportLine[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: by, type: 'STRING', data: lines.map(({ key }) => key) },
      { name: 'touches', type: 'INT64', nullable: false, data: lines.map(({ touches }) => BigInt(touches)) },
      { name: 'model', type: 'STRING', nullable: false, data: lines.map(({ model }) => model) },
      { name: 'conversions', type: 'DOUBLE', nullable: false, data: lines.map(({ conversions }) => conversions) },
      { name: 'currency', type: 'STRING', nullable: false, data: lines.map(({ currency }) => currency) },
      { name: 'amount_minor', type: 'INT64', nullable: false, data: lines.map(({ amountMinor }) => BigInt(amountMinor)) },
    ],
    createdBy: 'Crossdock',
  }));
}
