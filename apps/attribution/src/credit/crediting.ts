import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Rules } from '../settings/settings.repository.ts';
import { Contributions } from './contributions.ts';
import { type CreditableDeal, journeyOf } from './creditable-deal.ts';
import { type IdentityTouches, openStepsOf } from './identity-touches.ts';
import type { Journey } from './journey.ts';
import {
  appendRevisions, type Cause, type KeptJourney, type NewRevision, readJourneys, readOpenJourneys, storeOpenJourneys,
} from './journey.repository.ts';
import { addToSums } from './sum.repository.ts';

/** Lets one transaction at a time work on a tenant's results, from its next statement on until it ends. */
export function claimResults(manager: EntityManager): void {
  runLater(manager, { text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`attribution/${tenantContext.require().tenantId}`] });
}

/**
 * Works out by some rules the journeys of deals anew, as they were read with their touches, adds a revision where one is another than before, and brings the sums along. Done again it changes nothing.
 * The results must be claimed.
 * @returns the deals that have another revision
 */
export async function creditDeals(manager: EntityManager, deals: readonly CreditableDeal[], rules: Rules, dataVersion: number): Promise<string[]> {
  if (deals.length === 0) return [];
  const before = await readJourneys(manager, rules.rulesVersion, deals.map(({ dealId }) => dealId));
  const sums = new Contributions();
  const revisions = deals.flatMap((deal) => {
    const kept = before.get(deal.dealId);
    const revision = nextRevision(deal.dealId, kept, journeyOf(deal, rules.settings));
    if (!revision) return [];
    if (kept?.isWon) sums.addWon(kept.journey, rules.settings.halfLifeDays, -1);
    if (revision.isWon) sums.addWon(revision.journey, rules.settings.halfLifeDays, 1);
    return [revision];
  });
  await appendRevisions(manager, { rulesVersion: rules.rulesVersion, dataVersion }, revisions);
  addToSums(manager, rules.rulesVersion, sums);
  return revisions.map(({ dealId }) => dealId);
}

/** The same for journeys that have led to nothing so far: those of people with touches and without a won deal. Deals must be credited before. */
export async function creditIdentities(manager: EntityManager, identities: readonly IdentityTouches[], { rulesVersion, settings }: Rules): Promise<void> {
  if (identities.length === 0) return;
  const before = await readOpenJourneys(manager, rulesVersion, identities.map(({ identityId }) => identityId));
  const sums = new Contributions();
  const changed = identities.flatMap(({ identityId, touches }) => {
    const steps = openStepsOf(touches, settings);
    const kept = before.get(identityId);
    if (JSON.stringify(kept) === JSON.stringify(steps)) return [];
    if (kept) sums.addOpen(kept, -1);
    if (steps) sums.addOpen(steps, 1);
    return [{ identityId, steps }];
  });
  storeOpenJourneys(manager, rulesVersion, changed);
  addToSums(manager, rulesVersion, sums);
}

function nextRevision(dealId: string, kept: KeptJourney | undefined, journey: Journey | undefined): NewRevision | undefined {
  const revision = (kept?.revision ?? 0) + 1;
  if (!journey) {
    // What was given is taken back; the revision without a conversion says so.
    if (!kept?.isWon) return undefined;
    return { dealId, revision, isWon: false, cause: 'taken_back', journey: { ...kept.journey, revenue: { ...kept.journey.revenue, amountMinor: 0 }, steps: noSteps } };
  }
  if (!kept?.isWon) return { dealId, revision, isWon: true, cause: 'won', journey };
  const cause = causeOf(kept.journey, journey);
  return cause && { dealId, revision, isWon: true, cause, journey };
}

const noSteps = { touchIds: [], atMs: [], kinds: [], channels: [], campaigns: [], products: [] };

/** @returns undefined where nothing that bears on results is another. */
function causeOf(before: Journey, after: Journey): Cause | undefined {
  if (before.revenue.currency === after.revenue.currency && before.revenue.amountMinor !== after.revenue.amountMinor) {
    return after.revenue.amountMinor < before.revenue.amountMinor ? 'shrunk' : 'grown';
  }
  if (factsOf(before) !== factsOf(after)) return 'moved';
  return JSON.stringify(before.steps) === JSON.stringify(after.steps) ? undefined : 'touches';
}

function factsOf({ convertedAt, openedAt, revenue, account, owner }: Journey): string {
  return JSON.stringify([convertedAt, openedAt, revenue.amountMinor, revenue.currency, account, owner ?? null]);
}
