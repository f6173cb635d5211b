import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { ratioFigure } from '../figures.ts';
import { contactsToRead } from './account-size.ts';
import { readCompletely, type ReadingWorld, withReadingWorld } from './complete-reading.ts';

/** What HubSpot grants an app in an account, and the stand-in refuses beyond. */
const granted = { max: 110, intervalMs: 10_000 };
/** Contacts in a page of HubSpot's list, each of which is a call. */
const pageSize = 100;
/** The stand-in takes so many in one go. */
const importBatch = 20_000;
const mostOfDictated = 1.1;

/**
 * Every contact of a HubSpot account within HubSpot's limit, beside the time that the limit alone dictates: whoever asks for all pages as fast as
 * may be waits as often for the next ten seconds as there are full windows before the last page. One reading, which takes a minute and a half for
 * 100,000 contacts: what it waits for is the limit, which does not differ from one repetition to the next.
 */
export async function measureLimitedLoad(context: BenchContext): Promise<Figure[]> {
  return await withReadingWorld(context, 'hubspot', async (world) => {
    const contacts = contactsToRead(context);
    const { seconds } = await loadAccount(world, contacts);
    const pages = Math.ceil(contacts / pageSize);
    const dictatedSeconds = Math.floor((pages - 1) / granted.max) * granted.intervalMs / 1_000;
    context.say(`${contacts} contacts of HubSpot, ${pages} pages at ${granted.max} calls in ${granted.intervalMs / 1_000} s: read in ${seconds.toFixed(1)} s, where the limit alone dictates ${dictatedSeconds} s`);
    return [ratioFigure({ name: 'limited-load-vs-limits', unit: 'records/s', value: contacts / seconds, baseline: contacts / dictatedSeconds, goal: 1 / mostOfDictated })];
  });
}

async function loadAccount(world: ReadingWorld, contacts: number): Promise<Measurement> {
  const { control } = world;
  const { portalId, accessToken, refreshToken } = await control.createHubSpotPortal({ rateLimit: granted });
  // What was changed just before a reading is searched for once more after it, as what may have changed meanwhile.
  const lastYear = new Date(Date.now() - 365 * 86_400_000);
  for (let made = 0; made < contacts; made += importBatch) {
    await control.importHubSpotRecords(portalId, 'contacts', Array.from({ length: Math.min(importBatch, contacts - made) }, (_, index) => ({
      properties: { email: `person${made + index}@example.com`, firstname: 'Anna', lastname: `Muster ${made + index}` },
    })), lastYear);
  }
  return await readCompletely(world, { accountId: String(portalId), tokens: { accessToken, refreshToken }, contacts });
}
