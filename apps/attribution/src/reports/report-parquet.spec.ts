import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { reportAsParquet, reportParquetContent } from './report-parquet.ts';

const anyLine = fc.record({
  key: fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }), { nil: null }), touches: fc.nat(), model: fc.constantFrom('linear', 'markov'),
  conversions: fc.double({ min: 0, max: 1e6, noNaN: true }), currency: fc.constantFrom('EUR', 'JPY'),
  amountMinor: fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
});

function read(file: Uint8Array): Promise<Array<Record<string, unknown>>> {
  return parquetReadObjects({ file: new Uint8Array(file).buffer });
}

describe('a report as a Parquet file', () => {
  it('holds what was reported, amounts to the minor unit', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyLine, { maxLength: 40 }), async (lines) => {
      expect(await read(reportAsParquet('campaign', lines))).toEqual(lines.map(({ key, touches, model, conversions, currency, amountMinor }) =>
        ({ campaign: key, touches: BigInt(touches), model, conversions, currency, amount_minor: BigInt(amountMinor) })));
    }), { numRuns: 50 });
  });

  it('holds more lines than one group of rows', async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => ({ key: `c${index}`, touches: index, model: 'linear', conversions: index / 8, currency: 'EUR', amountMinor: -index }));
    const rows = await read(reportAsParquet('channel', lines));
    expect([rows.length, rows.at(-1)]).toEqual([2_500, { channel: 'c2499', touches: 2_499n, model: 'linear', conversions: 312.375, currency: 'EUR', amount_minor: -2_499n }]);
  });

  it('is described by its columns, with the type of each', () => {
    const [, key, ...others] = parquetMetadata(new Uint8Array(reportAsParquet('channel', [])).buffer).schema;
    expect(key).toMatchObject({ name: 'channel', converted_type: 'UTF8', repetition_type: 'OPTIONAL' });
    const words = new Map([['BYTE_ARRAY', 'text in UTF-8'], ['INT64', 'whole number of 64 bits'], ['DOUBLE', 'number of double precision']]);
    expect(others.map(({ repetition_type: repetition }) => repetition)).toEqual(others.map(() => 'REQUIRED'));
    const columns = others.map(({ name, type = '' }) => `\`${name}\` (${words.get(type)})`);
    expect(reportParquetContent).toContain(`null where there is no key), ${columns.join(', ')}.`);
  });
});
