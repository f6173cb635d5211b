/** The attribution models over a million journeys, on one core, and the service that keeps results of as many. Beside them, where it is installed: the PyPI package ChannelAttribution. */
import { computeCredits, defaultParameters, type JourneyModel, type JourneyTable, type ModelParameters } from '@crossdock/attribution-models';
import { measureChannelAttribution } from './attribution/channel-attribution.ts';
import { measureKeptResults } from './attribution/kept-results.ts';
import { randomJourneys } from './attribution/random-journeys.ts';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { ratioFigure, valueFigure } from './figures.ts';

const MILLION = 1_000_000;
const CHANNELS = 12;
const heuristics = ['first', 'last', 'last-non-direct', 'linear', 'position', 'w-shaped', 'time-decay'] as const;
const BYTES_PER_MEGABYTE = 1_000_000;

export const benchmark: Benchmark = { name: 'attribution', parts: { models: measureModels, results: measureKeptResults } };

async function measureModels(context: BenchContext): Promise<Figure[]> {
  const table = randomJourneys({ journeys: MILLION, channels: CHANNELS, seed: 7 });
  context.say(`${table.journeyCount} journeys of ${CHANNELS} channels with ${table.touches.length} touches; one operation is one journey`);
  const packageTimes = await measureChannelAttribution(table);
  if (typeof packageTimes === 'string') context.say(packageTimes);
  const series = await context.measure({
    first: () => measureModel(table, 'first'),
    last: () => measureModel(table, 'last'),
    'last-non-direct': () => measureModel(table, 'last-non-direct'),
    linear: () => measureModel(table, 'linear'),
    position: () => measureModel(table, 'position'),
    'w-shaped': () => measureModel(table, 'w-shaped'),
    'time-decay': () => measureModel(table, 'time-decay'),
    'Markov, order 1': () => measureModel(table, 'markov'),
    'Markov, order 2': () => measureModel(table, 'markov', { order: 2 }),
    'Markov, order 3': () => measureModel(table, 'markov', { order: 3 }),
    'Shapley, exact': () => measureModel(table, 'shapley'),
  });
  const secondsOf = (name: keyof typeof series): number => MILLION / series[name].perSecond;
  const slowest = Math.min(...heuristics.map((model) => series[model].perSecond));
  const markovSeconds = secondsOf('Markov, order 1');
  return [
    valueFigure({ name: 'heuristics-journeys-per-second', unit: 'journeys/s', value: slowest, goal: MILLION }),
    valueFigure({ name: 'markov-order-1-seconds', unit: 's', value: markovSeconds, goal: 3, lowerIsBetter: true, ...(typeof packageTimes !== 'string' && { baseline: packageTimes.markovSeconds }) }),
    valueFigure({ name: 'shapley-seconds', unit: 's', value: secondsOf('Shapley, exact'), goal: 10, lowerIsBetter: true }),
    valueFigure({ name: 'attribution-resident-megabytes', unit: 'MB', value: process.memoryUsage().rss / BYTES_PER_MEGABYTE, goal: 1_000, lowerIsBetter: true }),
    ...(typeof packageTimes === 'string' ? [] : [
      ratioFigure({ name: 'heuristics-vs-channelattribution', unit: 'journeys/s', value: MILLION / (secondsOf('first') + secondsOf('last') + secondsOf('linear')), baseline: MILLION / packageTimes.heuristicsSeconds, goal: 1 }),
      ratioFigure({ name: 'markov-vs-channelattribution', unit: 'journeys/s', value: MILLION / markovSeconds, baseline: MILLION / packageTimes.markovSeconds, goal: 1 }),
    ]),
  ];
}

async function measureModel(table: JourneyTable, model: JourneyModel, parameters: Partial<ModelParameters> = {}): Promise<Measurement> {
  const startedMs = performance.now();
  computeCredits(table, model, { ...defaultParameters, ...parameters });
  return { count: table.journeyCount, seconds: (performance.now() - startedMs) / 1_000 };
}
