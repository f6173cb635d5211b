import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../launch/folders.mjs';

const read = (page: string): string => readFileSync(join(ROOT, 'docs', page), 'utf8');
const measured = read('performance.md').split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split(' | '));
const [basis = ''] = read('scale.md').split('## What it rests on\n')[1]?.split('\n## ') ?? [];
const columns = { value: 1, ratio: 3 } as const;

/** What the page of scale is reckoned from, and the column of the last measurements in which it stands. */
const figures: ReadonlyArray<readonly [figure: string, column: keyof typeof columns]> = [
  ['ingest-vs-bare', 'value'], ['relay-vs-producer', 'value'], ['consume-vs-bare', 'value'], ['tasks-per-second', 'value'], ['orders-vs-direct', 'value'], ['journey-p50-ms', 'value'],
  ['initial-load-peak-rss-mb', 'value'], ['ingest-10x-tenants', 'ratio'], ['tasks-per-second-10x-tenants', 'ratio'], ['journey-p50-ms-10x-tenants', 'ratio'], ['consume-with-10m-inbox-rows-vs-empty', 'ratio'],
];
const numbersIn = (text: string): string[] => [...text.matchAll(/\d[\d,]*(\.\d+)?/g)].map(([number]) => number.replace(/,$/, ''));

describe('the page of scale', () => {
  it.each(figures)('rests on what was last measured: %s', (figure, column) => {
    const row = measured.find(([name = '']) => name.startsWith(`| \`${figure}\``));
    // Where a row tells of a median and a 99th percentile, the latter counts.
    const value = numbersIn(row?.[columns[column]] ?? '').at(-1);
    expect(value).toBeDefined();
    expect(numbersIn(basis)).toContain(value);
  });
});
