/** `npm run bench -- <name> [--json FILE]`, after the launcher has set the machine up and built the packages. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, SetupFault } from '../infra/launch/setup-fault.mjs';
import { startServers } from '../infra/servers-step.ts';
import type { Stack } from '../infra/stack.ts';
import { stopRequested } from '../infra/stop-request.ts';
import type { BenchContext, Benchmark, Figure } from './bench.ts';
import { describeMachine } from './machine.ts';
import { measureInTurns } from './measure.ts';
import { Report } from './report.ts';

const INTERRUPTED = 130;
const LEAST_REPETITIONS = 3;
const SUFFIX = '.bench.ts';

await runMain(async () => await Promise.race([main(), stopRequested().then(() => INTERRUPTED)]));

/** Answers the exit status: 0 when the benchmark ran, whether or not its goals were met. */
async function main(): Promise<number> {
  const { values, positionals: [name] } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: {
      json: { type: 'string' }, part: { type: 'string', multiple: true, default: [] },
      repetitions: { type: 'string', default: '3' }, seconds: { type: 'string', default: '4' }, stored: { type: 'string', default: '1000000' },
    },
  });
  const file = new URL(`${name ?? ''}${SUFFIX}`, import.meta.url);
  if (name === undefined || !existsSync(file)) throw new SetupFault(`say which benchmark: npm run bench -- ${namesOfBenchmarks().join(' | ')}.`);
  const repetitions = readNumber('repetitions', values.repetitions, LEAST_REPETITIONS);
  const seconds = readNumber('seconds', values.seconds, 1);
  const stored = readNumber('stored', values.stored, 1);

  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const stack = await startServers(process.env, print);
  try {
    offerToTestStack(stack);
    const { benchmark } = await import(file.href) as { readonly benchmark: Benchmark };
    const runs = runsOf(benchmark, values.part);
    const report = new Report(print);
    const machine = await describeMachine(stack);
    report.title(benchmark.name, machine);
    const context: BenchContext = {
      servers: stack,
      repetitions,
      seconds,
      stored,
      say: (sentence) => report.say(sentence),
      measure: async (subjects) => await measureInTurns(subjects, { repetitions, report }),
    };
    const figures: Figure[] = [];
    for (const run of runs) figures.push(...await run(context));
    report.figures(figures);
    if (values.json !== undefined) writeFileSync(resolve(values.json), `${JSON.stringify({ bench: benchmark.name, machine, figures }, undefined, 2)}\n`);
    return 0;
  } finally {
    await stack.stop();
  }
}

function namesOfBenchmarks(): string[] {
  return readdirSync(import.meta.dirname).filter((entry) => entry.endsWith(SUFFIX)).map((entry) => entry.slice(0, -SUFFIX.length)).toSorted();
}

/** All of a benchmark, or the parts of it that were asked for. */
function runsOf(benchmark: Benchmark, chosen: readonly string[]): ReadonlyArray<(context: BenchContext) => Promise<Figure[]>> {
  const parts = 'parts' in benchmark ? benchmark.parts : {};
  const unknown = chosen.find((part) => !(part in parts));
  if (unknown !== undefined) {
    const names = Object.keys(parts).join(', ');
    throw new SetupFault(`the benchmark ${benchmark.name} has no part ${unknown}; ${names === '' ? 'it is run as a whole' : `its parts are: ${names}`}.`);
  }
  if (!('parts' in benchmark)) return [(context) => benchmark.run(context)];
  return Object.entries(benchmark.parts).flatMap(([part, run]) => (chosen.length === 0 || chosen.includes(part) ? [run] : []));
}

function readNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least) throw new SetupFault(`--${option} takes a whole number of at least ${least}.`);
  return number;
}

/** Benchmarks make their databases and topics by the same means as tests. */
function offerToTestStack({ databaseAdminUrl, kafkaBrokers, redisUrl }: Stack): void {
  process.env['TEST_DATABASE_ADMIN_URL'] = databaseAdminUrl;
  process.env['TEST_KAFKA_BROKERS'] = kafkaBrokers;
  process.env['TEST_REDIS_URL'] = redisUrl;
}
