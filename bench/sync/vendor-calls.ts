import { randomUUID } from 'node:crypto';
import { Failure, type CrmVendor } from '@crossdock/contracts';
import type { FieldSelection, RecordWrite } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { BenchContext, Figure } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { startSandboxProcess } from '../servers/crm-service.ts';
import { vendorAccounts, type VendorAccount } from './vendor-accounts.ts';

const records = 1_000;
/** So many are written one by one for the baseline; more would only wait for the vendor's limits. */
const oneByOne = 50;

/** Where the goal is not a number of its own, it is this many times what the vendor's largest batches would take. */
const mostOfBest = 1.5;
/**
 * What the vendors' largest batches come to: Pipedrive takes one record a write and lists 500; Zoho takes 100 in a write and answers 2,000 to a query;
 * Dataverse takes 1,000 requests in a batch and lists 5,000 rows. Sources: docs/vendors.
 */
const goals: ReadonlyArray<readonly [vendor: CrmVendor, most: number]> = [
  ['hubspot', 25], ['salesforce', 10],
  ['pipedrive', mostOfBest * (records + records / 500)], ['zoho', mostOfBest * (records / 100 + 1)], ['dynamics', mostOfBest * (1 + 1)],
];

/**
 * How many calls it costs to write a change to each of 1,000 contacts and to hear of these changes again. Beside it the same
 * with one call a record, reckoned up from fifty records.
 */
export async function measureVendorCalls(context: BenchContext): Promise<Figure[]> {
  const processes = new BenchProcesses();
  let calls = 0;
  const http = new OutboundHttp({
    metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true,
    recorder: {
      record: () => {
        calls += 1;
      },
    },
  });
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = calls;
    await work();
    return calls - before;
  };
  try {
    const sandboxUrl = await startSandboxProcess(processes);
    const control = new SandboxControl(sandboxUrl);
    const figures: Figure[] = [];
    for (const [vendor, goal] of goals) {
      const { inBatches, oneByOne } = await callsOf(await vendorAccounts[vendor](http, control, sandboxUrl), counted);
      context.say(`${records} contacts of ${vendor} changed and told: ${inBatches} calls`);
      figures.push(valueFigure({ name: `${vendor}-calls-per-1000`, unit: 'calls', value: inBatches, baseline: oneByOne, goal, lowerIsBetter: true }));
    }
    return figures;
  } finally {
    await http.close();
    await processes.stopAll();
  }
}

async function callsOf({ connector, connection }: VendorAccount, counted: (work: () => Promise<unknown>) => Promise<number>): Promise<{ inBatches: number; oneByOne: number }> {
  const signal = AbortSignal.timeout(120_000);
  const description = await connector.describe(connection, 'contact', signal);
  const { email, lastName } = connector.defaultMapping.contact;
  if (!email || !lastName) throw new Error(`${connector.vendor} keeps neither e-mails nor names.`);
  const selection = { description, fieldNames: [email.field, lastName.field] };
  const write = async (writes: RecordWrite[]): Promise<string[]> =>
    (await connector.write(connection, description, writes, signal)).map((result) => {
      if (result instanceof Failure) throw result;
      return result.id;
    });
  const ids = await write(Array.from({ length: records }, () => ({
    target: { key: randomUUID() }, fields: { [email.field]: `${randomUUID()}@example.com`, [lastName.field]: 'Muster' },
  })));
  const renamed = (id: string, name: string): RecordWrite => ({ target: { id }, fields: { [lastName.field]: name } });
  const cursor = await lastCursor(connector, connection, selection, undefined, signal);
  const inBatches = await counted(async () => {
    await write(ids.map((id) => renamed(id, 'Beispiel')));
    await lastCursor(connector, connection, selection, cursor, signal);
  });
  const few = await counted(async () => {
    for (const id of ids.slice(0, oneByOne)) {
      await write([renamed(id, 'Einzeln')]);
      await connector.getByIds(connection, selection, [id], signal);
    }
  });
  return { inBatches, oneByOne: few * (records / oneByOne) };
}

async function lastCursor(connector: VendorAccount['connector'], connection: VendorAccount['connection'], selection: FieldSelection, from: string | undefined, signal: AbortSignal): Promise<string> {
  let cursor = from;
  for (;;) {
    const page = await connector.listChanges(connection, selection, cursor, signal);
    cursor = page.cursor;
    if (!page.hasMore) return cursor;
  }
}
