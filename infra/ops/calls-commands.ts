import { type Command, type Given, textOf } from './command.ts';
import { agoOf } from './operands.ts';
import type { Filter } from './operations-api.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const DEFAULT_LIMIT = 50;

const list: Command = {
  name: 'calls list',
  usage: '--tenant ID [--connection ID] [--failed] [--operation NAME] [--newer-than AGE] [--limit N]',
  summary: 'What was called at vendors for a tenant, newest first',
  options: {
    tenant: { type: 'string' }, connection: { type: 'string' }, failed: { type: 'boolean' }, operation: { type: 'string' },
    'newer-than': { type: 'string' }, limit: { type: 'string' },
  },
  meanings: {
    tenant: 'the tenant, by id', connection: 'one of its connections, by id', failed: 'only calls that did not succeed',
    operation: 'only this operation, such as contacts.batchUpsert', 'newer-than': 'made within the last 90s, 15m, 2h, 3d',
    limit: `at most so many (${DEFAULT_LIMIT})`,
  },
  async run({ api, given, output }) {
    const limit = Number(textOf(given, 'limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageFault('--limit takes a whole number from 1.');
    const newer = textOf(given, 'newer-than');
    const calls = await api.listCalls(present({
      tenantId: tenantOf(given), connectionId: textOf(given, 'connection'), operation: textOf(given, 'operation'),
      result: given['failed'] === true ? 'failed' : undefined, since: newer === undefined ? undefined : agoOf(newer, new Date()),
    }), limit);
    if (given['json'] === true) output.print(JSON.stringify(calls, undefined, 2));
    else if (calls.length === 0) output.print('There are no calls that fit.');
    else {
      output.print(textTable(
        ['WHEN', 'VENDOR', 'OPERATION', 'TRY', 'OUTCOME', 'STATUS', 'MS', 'ENDPOINT', 'CONNECTION', 'CORRELATION'],
        calls.map((call) => [
          call.startedAt, call.vendor, call.operation, String(call.attempt), call.outcome, String(call.status ?? '-'), String(call.durationMs),
          `${call.method} ${call.endpoint}`, call.connectionId, call.correlationId ?? '-',
        ]),
      ));
    }
    return 0;
  },
};

const usage: Command = {
  name: 'calls usage',
  usage: '[--tenant ID] [--from DAY] [--to DAY]',
  summary: 'How many calls each tenant made to each vendor, by day',
  options: { tenant: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  meanings: { tenant: 'one tenant, by id', from: 'first day, such as 2026-01-31 (30 days ago)', to: 'last day (today)' },
  async run({ api, given, output }) {
    const days = await api.listUsage(present({ tenantId: textOf(given, 'tenant'), from: textOf(given, 'from'), to: textOf(given, 'to') }));
    if (given['json'] === true) output.print(JSON.stringify(days, undefined, 2));
    else if (days.length === 0) output.print('There were no calls.');
    else {
      output.print(textTable(
        ['DAY', 'TENANT', 'VENDOR', 'CALLS', 'FAILED'],
        days.map(({ day, tenantId, vendor, calls, failedCalls }) => [day, tenantId, vendor, String(calls), String(failedCalls)]),
      ));
    }
    return 0;
  },
};

function tenantOf(given: Given): string {
  const tenant = textOf(given, 'tenant');
  if (tenant === undefined) throw new UsageFault('Name the tenant by --tenant ID.');
  return tenant;
}

function present(conditions: Readonly<Record<string, string | undefined>>): Filter {
  return Object.fromEntries(Object.entries(conditions).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

export const callsCommands: readonly Command[] = [list, usage];
