import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { JourneyTable } from '@crossdock/attribution-models';
import { csvLinesOf } from './random-journeys.ts';

const timesSchema = z.object({ heuristicsSeconds: z.number(), markovSeconds: z.number() });

/** What the PyPI package `ChannelAttribution` needs for the same journeys, in memory, on one core: first, last and linear touch; Markov of order 1. */
export type ChannelAttributionTimes = z.infer<typeof timesSchema>;

const program = `
import json, sys, time
import pandas
import ChannelAttribution as ca
journeys = pandas.read_csv(sys.argv[1])
columns = ('path', 'total_conversions', 'total_conversion_value')
started = time.perf_counter()
ca.heuristic_models(journeys, *columns, flg_pro=False)
ended = time.perf_counter()
ca.markov_model(journeys, *columns, var_null='total_null', order=1, ncore=1, verbose=False, flg_pro=False)
print()
print(json.dumps({'heuristicsSeconds': ended - started, 'markovSeconds': time.perf_counter() - ended}))
`;

/** Measures the package where Python and the package are there; otherwise says which is missing. */
export async function measureChannelAttribution(table: JourneyTable): Promise<ChannelAttributionTimes | string> {
  const run = promisify(execFile);
  try {
    await run('python3', ['-c', 'import ChannelAttribution']);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'There is no python3 here' : 'python3 has no package ChannelAttribution';
    return `${missing}: nothing is measured beside it.`;
  }
  const folder = await mkdtemp(join(tmpdir(), 'journeys-'));
  try {
    const file = join(folder, 'journeys.csv');
    await pipeline(Readable.from(csvLinesOf(table)), createWriteStream(file));
    const { stdout } = await run('python3', ['-c', program, file], { maxBuffer: 1 << 20 });
    return timesSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  } finally {
    await rm(folder, { recursive: true });
  }
}
