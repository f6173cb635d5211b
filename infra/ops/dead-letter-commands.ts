import type { ParseArgsOptionsConfig } from 'node:util';
import { serviceNames, type ServiceName } from '@crossdock/contracts';
import { type Command, type Given, type Invocation, textOf } from './command.ts';
import { agoOf, recordOf, serviceOf, whyOf } from './operands.ts';
import { Refusal } from './gateway-calls.ts';
import type { Act, ActResult, Filter } from './operations-api.ts';
import { shortened, textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const filterOptions: ParseArgsOptionsConfig = {
  service: { type: 'string' },
  origin: { type: 'string' },
  state: { type: 'string' },
  kind: { type: 'string' },
  reason: { type: 'string' },
  tenant: { type: 'string' },
  'older-than': { type: 'string' },
  'newer-than': { type: 'string' },
};
const filterMeanings = {
  service: `one service's: ${serviceNames.join(', ')}`,
  origin: 'event, task or webhook',
  state: 'dead or parked (a task whose connection must be mended)',
  kind: 'event type, task kind or webhook vendor',
  reason: 'why it died, such as invalid or schema_mismatch',
  tenant: "one tenant's, by id",
  'older-than': 'came longer ago than 90s, 15m, 2h, 3d',
  'newer-than': 'came within the last 90s, 15m, 2h, 3d',
};
const DEFAULT_LIMIT = 100;
/** No gateway, no token, no right: what stands in the way of one list stands in the way of all. */
const concernsAll = new Set([0, 401, 403]);

function filterOf(given: Given): Filter {
  const [older, newer] = [textOf(given, 'older-than'), textOf(given, 'newer-than')];
  const conditions: Record<string, string | undefined> = {
    origin: textOf(given, 'origin'), state: textOf(given, 'state'), kind: textOf(given, 'kind'), reason: textOf(given, 'reason'), tenantId: textOf(given, 'tenant'),
    before: older === undefined ? undefined : agoOf(older, new Date()),
    since: newer === undefined ? undefined : agoOf(newer, new Date()),
  };
  return Object.fromEntries(Object.entries(conditions).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

const list: Command = {
  name: 'dead-letters list',
  usage: '[filter …] [--limit N]',
  summary: 'What could not be worked off, in one service or all, oldest first',
  options: { ...filterOptions, limit: { type: 'string' } },
  meanings: { ...filterMeanings, limit: `at most so many of each service (${DEFAULT_LIMIT})` },
  async run({ api, given, output }) {
    const named = textOf(given, 'service');
    const limit = Number(textOf(given, 'limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageFault('--limit takes a whole number from 1.');
    const services = named === undefined ? serviceNames : [serviceOf(named)];
    const found: Array<{ service: ServiceName } & Awaited<ReturnType<typeof api.listDeadLetters>>[number]> = [];
    let isComplete = true;
    for (const service of services) {
      try {
        found.push(...(await api.listDeadLetters(service, filterOf(given), limit)).map((line) => ({ service, ...line })));
      } catch (error) {
        // One service that is away must not hide the others' lists.
        if (!(error instanceof Refusal) || concernsAll.has(error.status) || named !== undefined) throw error;
        isComplete = false;
        output.complain(`${service}: ${error.message}`);
      }
    }
    if (given['json'] === true) output.print(JSON.stringify(found, undefined, 2));
    else if (found.length === 0) output.print('There are no dead letters that fit.');
    else {
      output.print(textTable(
        ['RECORD', 'CAME', 'ORIGIN', 'STATE', 'KIND', 'REASON', 'TENANT', 'ERROR'],
        found.map((line) => [`${line.service}/${line.id}`, line.at, line.origin, line.state, line.kind, line.reason, line.tenantId ?? '-', shortened(line.error, 80)]),
      ));
    }
    return isComplete ? 0 : 1;
  },
};

const show: Command = {
  name: 'dead-letters show',
  usage: 'SERVICE/ID',
  summary: 'One dead letter with its content, redacted, and what was done with it before',
  options: {},
  meanings: {},
  async run({ api, operands, output }) {
    const { service, id } = recordOf(operands[0]);
    output.print(JSON.stringify(await api.showDeadLetter(service, id), undefined, 2));
    return 0;
  },
};

/** The two acts differ in their word only. */
function actCommand(act: Act, summary: string): Command {
  return {
    name: `dead-letters ${act}`,
    usage: `(SERVICE/ID … | --service NAME (--all | filter …)) --why TEXT`,
    summary,
    options: { ...filterOptions, all: { type: 'boolean' }, why: { type: 'string' } },
    meanings: { ...filterMeanings, all: 'all of the service, where no filter is given', why: 'the reason, for the audit' },
    async run(invocation) {
      const results = await actOn(act, invocation, whyOf(invocation.given));
      const { output, given } = invocation;
      const failed = results.filter(({ result }) => result === 'failed' || result === 'not_found');
      if (given['json'] === true) output.print(JSON.stringify(results, undefined, 2));
      else {
        if (results.length > 0) output.print(textTable(['RECORD', 'RESULT', 'DETAIL'], results.map(({ record, result, detail }) => [record, result, shortened(detail ?? '', 100)])));
        output.print(`${results.length - failed.length} done, ${failed.length} failed`);
      }
      return failed.length === 0 ? 0 : 1;
    },
  };
}

type NamedResult = { readonly record: string } & ActResult;

async function actOn(act: Act, { api, given, operands }: Invocation, why: string): Promise<NamedResult[]> {
  const filter = filterOf(given);
  const isFiltered = Object.keys(filter).length > 0 || given['all'] === true;
  const named = textOf(given, 'service');
  if (operands.length > 0) {
    if (isFiltered || named !== undefined) throw new UsageFault('Name dead letters, or give --service with a filter; not both.');
    const results: NamedResult[] = [];
    for (const { service, id } of operands.map(recordOf)) {
      const result = await api.actOn(act, service, id, why).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.status !== 404) throw error;
        return { id, result: 'not_found', detail: error.message };
      });
      results.push({ record: `${service}/${id}`, ...result });
    }
    return results;
  }
  if (named === undefined || !isFiltered) throw new UsageFault('Name dead letters as service/id, or give --service with a filter or --all.');
  const service = serviceOf(named);
  const results: NamedResult[] = [];
  for await (const result of api.actOnAll(act, service, filter, why)) results.push({ record: `${service}/${result.id}`, ...result });
  return results;
}

export const deadLetterCommands: readonly Command[] = [
  list, show,
  actCommand('replay', 'Works dead letters off again: one, many, or all that a filter means'),
  actCommand('discard', 'Gives dead letters up'),
];
