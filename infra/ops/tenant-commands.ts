import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { ServiceName } from '@crossdock/contracts';
import { keptAfterErasure } from '@crossdock/operations';
import { type Command, type Given, type Output, textOf } from './command.ts';
import { daysOf } from './operands.ts';
import type { ExportLine, TenantAnswer, TenantsApi } from './tenants-api.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const POLL_MS = 2_000;
const LONGEST_RETENTION_DAYS = 365;
const USUAL_RETENTION_DAYS = 30;

const exportTenant: Command = {
  name: 'tenants export',
  usage: 'TENANT --out FILE',
  summary: 'Writes all that any service holds of a tenant into a file, a line of JSON for each thing',
  options: { out: { type: 'string' } },
  meanings: { out: 'a file that is not there yet; it holds personal data, and only you may read it' },
  async run({ tenants, given, operands, output }) {
    const id = tenantOf(operands);
    const file = textOf(given, 'out');
    if (file === undefined) throw new UsageFault('Name the file: --out FILE.');
    const holdings = await writeExport(tenants, id, file);
    printHoldings(holdings, given, output);
    if (holdings.unavailable.length === 0) return 0;
    output.complain(`ops: ${holdings.unavailable.join(', ')} did not answer, so that the file would not be whole: it was not kept. Ask again.`);
    return 1;
  },
};

const erase: Command = {
  name: 'tenants erase',
  usage: 'TENANT [--retention-days N] [--wait] [--yes]',
  summary: 'Deletes a tenant, and erases it in all services when its retention time is over; without --yes it only counts what there is',
  options: { 'retention-days': { type: 'string' }, wait: { type: 'boolean' }, yes: { type: 'boolean' } },
  meanings: {
    'retention-days': `days in which \`tenants resume\` takes it back (${USUAL_RETENTION_DAYS}); with 0 it is erased within a minute or two`,
    wait: 'stay until no service holds anything of it that is not kept for good; cut off, the same command goes on waiting',
    yes: 'delete it',
  },
  async run({ tenants, given, operands, output }) {
    const id = tenantOf(operands);
    const days = daysOf(given, 'retention-days', { least: 0, most: LONGEST_RETENTION_DAYS, otherwise: USUAL_RETENTION_DAYS });
    if (given['yes'] !== true) {
      printTenant(await tenants.show(id), output);
      printHoldings(await countHoldings(tenants, id), given, output);
      output.print('Nothing was changed: say --yes to delete it.');
      return 0;
    }
    const present = await tenants.show(id);
    printTenant(present.state === 'erased' ? present : await tenants.delete(id, days), output);
    if (given['wait'] === true) await untilErased(tenants, id, output);
    return 0;
  },
};

const resume: Command = {
  name: 'tenants resume',
  usage: 'TENANT',
  summary: 'Takes a suspension back, or a deletion whose retention time is not over',
  options: {},
  meanings: {},
  async run({ tenants, operands, output }) {
    printTenant(await tenants.resume(tenantOf(operands)), output);
    return 0;
  },
};

export const tenantCommands: readonly Command[] = [exportTenant, erase, resume];

/** What services hold of a tenant: rows by service and table, and who did not answer. */
interface Holdings {
  readonly rows: ReadonlyMap<string, number>;
  readonly unavailable: readonly ServiceName[];
}

class HoldingsCount {
  readonly rows = new Map<string, number>();
  readonly unavailable: ServiceName[] = [];

  add(line: ExportLine): void {
    if ('unavailable' in line) this.unavailable.push(line.service);
    else this.rows.set(`${line.service} ${line.table}`, (this.rows.get(`${line.service} ${line.table}`) ?? 0) + 1);
  }
}

async function countHoldings(tenants: TenantsApi, id: string): Promise<Holdings> {
  const count = new HoldingsCount();
  for await (const { line } of tenants.export(id)) count.add(line);
  return count;
}

/** The file gets its name when it is whole; what is not whole is taken away. */
async function writeExport(tenants: TenantsApi, id: string, file: string): Promise<Holdings> {
  if (existsSync(file)) throw new UsageFault(`${file} is there already.`);
  const count = new HoldingsCount();
  const part = `${file}.part`;
  const written = await open(part, 'w', 0o600);
  try {
    for await (const { text, line } of tenants.export(id)) {
      count.add(line);
      await written.write(`${text}\n`);
    }
    await written.sync();
    if (count.unavailable.length === 0) await rename(part, file);
  } finally {
    await written.close();
    await rm(part, { force: true });
  }
  return count;
}

async function untilErased(tenants: TenantsApi, id: string, output: Output): Promise<void> {
  let told = '';
  for (;;) {
    const { state } = await tenants.show(id);
    const { rows, unavailable } = state === 'erased' ? await countHoldings(tenants, id) : { rows: new Map<string, number>(), unavailable: [] };
    const left = [...rows].filter(([place]) => !keptAfterErasure.has(place.split(' ')[1] ?? '')).reduce((sum, [, count]) => sum + count, 0);
    const progress = state !== 'erased' ? `It is ${state}.` : `${left} rows are left${unavailable.length === 0 ? '' : `; ${unavailable.join(', ')} did not answer`}.`;
    if (progress !== told) output.print(progress);
    told = progress;
    if (state === 'active') throw new UsageFault('It was resumed meanwhile, and is not erased.');
    if (state === 'erased' && left === 0 && unavailable.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function tenantOf(operands: readonly string[]): string {
  const [id] = operands;
  if (id === undefined || !/^[0-9a-f-]{36}$/i.test(id)) throw new UsageFault('Name the tenant by its id.');
  return id;
}

function printTenant({ id, slug, name, state, eraseAt }: TenantAnswer, output: Output): void {
  output.print(textTable(['TENANT', 'SLUG', 'NAME', 'STATE', 'ERASED AT'], [[id, slug, name, state, eraseAt ?? '-']]));
}

function printHoldings({ rows, unavailable }: Holdings, given: Given, output: Output): void {
  if (given['json'] === true) output.print(JSON.stringify({ rows: Object.fromEntries(rows), unavailable }, undefined, 2));
  else output.print(textTable(['SERVICE', 'TABLE', 'ROWS'], [...[...rows].map(([place, count]) => [...place.split(' '), String(count)]), ...unavailable.map((service) => [service, '-', 'did not answer'])]));
}
