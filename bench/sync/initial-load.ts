import type { SandboxControl } from '@crossdock/sandbox';
import { z } from 'zod';
import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { readPeakBytes } from '../process-usage.ts';
import { contactsToRead } from './account-size.ts';
import { readCompletely, type ReadingWorld, withReadingWorld } from './complete-reading.ts';

/** The stand-in takes so many in one go. */
const importBatch = 20_000;
const mebibyte = 1_024 * 1_024;

type Org = Awaited<ReturnType<SandboxControl['createSalesforceOrg']>>;

/**
 * Every contact of a Salesforce organisation, told in canonical form to an empty tenant: from the request to the last event
 * that Kafka has acknowledged, by one process of the service. Beside it the organisation's pages, read and thrown away.
 */
export async function measureInitialLoad(context: BenchContext): Promise<Figure[]> {
  return await withReadingWorld(context, 'salesforce', async (world) => {
    const contacts = contactsToRead(context);
    const org = await organisation(world.control, contacts);
    context.say(`${contacts} contacts in one Salesforce organisation, whose stand-in is a process of its own`);
    const { pages, load } = await context.measure({ pages: () => readPages(org, contacts), load: () => loadAll(world, org, contacts) });
    const peak = readPeakBytes(world.service.pid);
    return [
      valueFigure({ name: 'initial-load-records-per-second', unit: 'records/s', value: load.perSecond, baseline: pages.perSecond, goal: 2_000 }),
      ...(peak === undefined ? [] : [valueFigure({ name: 'initial-load-peak-rss-mb', unit: 'MiB', value: peak / mebibyte, goal: 300, lowerIsBetter: true })]),
    ];
  });
}

async function organisation(control: SandboxControl, contacts: number): Promise<Org> {
  const org = await control.createSalesforceOrg();
  for (let made = 0; made < contacts; made += importBatch) {
    await control.addSalesforceRecords(org.orgId, 'Contact', Array.from({ length: Math.min(importBatch, contacts - made) }, (_, index) => ({
      Email: `person${made + index}@example.com`, FirstName: 'Anna', LastName: `Muster ${made + index}`, Phone: '+4915112345678',
    })));
  }
  return org;
}

async function loadAll(world: ReadingWorld, { orgId, instanceUrl, accessToken, refreshToken }: Org, contacts: number): Promise<Measurement> {
  return await readCompletely(world, {
    accountId: orgId, endpoint: instanceUrl, settings: { companyCurrency: 'EUR' }, tokens: { accessToken, refreshToken }, contacts,
  });
}

const pageSchema = z.object({ records: z.array(z.unknown()), nextRecordsUrl: z.string().optional() });

async function readPages(org: Org, contacts: number): Promise<Measurement> {
  const startedMs = performance.now();
  const soql = 'SELECT Id, Email, FirstName, LastName, Phone, SystemModstamp FROM Contact ORDER BY SystemModstamp, Id';
  let count = 0;
  for (let path: string | undefined = `/services/data/v67.0/queryAll?q=${encodeURIComponent(soql)}`; path !== undefined;) {
    const answer = await fetch(org.instanceUrl + path, { headers: { authorization: `Bearer ${org.accessToken}` } });
    const page = pageSchema.parse(await answer.json());
    count += page.records.length;
    path = page.nextRecordsUrl;
  }
  if (count !== contacts) throw new Error(`Of ${contacts} contacts ${count} came.`);
  return { count, seconds: (performance.now() - startedMs) / 1_000 };
}
