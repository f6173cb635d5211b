import { createReadStream } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import {
  computeCredits, defaultParameters, type JourneyModel, JourneyCsvFault, journeyModels, type JourneyTable, readJourneyCsv,
} from '@crossdock/attribution-models';
import { type Command, type Given, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';

const { order: defaultOrder, halfLifeDays: defaultHalfLifeDays } = defaultParameters;

/** The service's own models over journeys that an analyst has in a file. */
export const attributionComputeCommand: Command = {
  name: 'attribution compute',
  usage: `--paths FILE.csv --model ${journeyModels.join('|')} [--order K] [--half-life DAYS]`,
  summary: 'What each channel is credited with for the journeys of a file, as CSV',
  options: { paths: { type: 'string' }, model: { type: 'string' }, order: { type: 'string' }, 'half-life': { type: 'string' } },
  meanings: {
    paths: 'CSV with path (channels joined by " > "), total_conversions, total_conversion_value, total_null',
    model: 'how credit is shared',
    order: `markov: how many last touches the next one depends on, 1 to 3 (${defaultOrder})`,
    'half-life': `time-decay: days after which a touch counts half; touches of a path are taken to be a day apart (${defaultHalfLifeDays})`,
  },
  async run({ given, output }) {
    const model = modelOf(given);
    const parameters = {
      order: numberOf(given, 'order', defaultOrder, (order) => [1, 2, 3].includes(order)),
      halfLifeDays: numberOf(given, 'half-life', defaultHalfLifeDays, (days) => days > 0),
    };
    const table = await read(given);
    const { conversions, values } = computeCredits(table, model, parameters);
    const lines = table.channels.map((channel, index) => ({ channel, conversions: conversions[index], value: values[index] }));
    if (given['json'] === true) output.print(JSON.stringify(lines, undefined, 2));
    else output.print(stringify(lines, { header: true, columns: ['channel', 'conversions', 'value'] }).trimEnd());
    return 0;
  },
};

async function read(given: Given): Promise<JourneyTable> {
  const file = textOf(given, 'paths');
  if (file === undefined) throw new UsageFault('Name the file of journeys by --paths FILE.csv.');
  try {
    return await readJourneyCsv(createReadStream(file));
  } catch (error) {
    throw error instanceof JourneyCsvFault || isOfFile(error) ? new UsageFault(`${file}: ${error.message}`) : error;
  }
}

/** What the operating system says of a file that cannot be opened or read. */
function isOfFile(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error;
}

function modelOf(given: Given): JourneyModel {
  const name = textOf(given, 'model');
  const model = journeyModels.find((known) => known === name);
  if (model === undefined) throw new UsageFault(`--model takes ${journeyModels.join(', ')}.`);
  return model;
}

function numberOf(given: Given, option: string, otherwise: number, isAllowed: (number: number) => boolean): number {
  const text = textOf(given, option);
  const number = text === undefined ? otherwise : Number(text);
  if (!isAllowed(number)) throw new UsageFault(option === 'order' ? '--order takes 1, 2 or 3.' : `--${option} takes a number above 0.`);
  return number;
}
