import type { EntityManager } from 'typeorm';
import { type CreditableDeal, creditableDealsAfter, readCreditableDeals } from '../credit/creditable-deal.ts';
import { creditDeals, creditIdentities } from '../credit/crediting.ts';
import type { FactSelection } from '../credit/fact-selection.ts';
import type { Subject } from '../credit/followed-change.repository.ts';
import { type FreshCredits, FreshDealCredits, FreshOpenJourneys } from '../credit/fresh-credits.ts';
import { type IdentityTouches, identityTouchesAfter, readIdentityTouches } from '../credit/identity-touches.ts';
import { readJourneys, readOpenJourneys } from '../credit/journey.repository.ts';
import type { Rules } from './settings.repository.ts';

/** What is read of one kind of subject, and what follows from it. */
export interface BackfillStage<Fact> {
  readonly subject: Subject;
  idOf(fact: Fact): string;
  /** Those that come after one, by their ids. */
  selectAfter(after: string, atMost: number, rules: Rules): FactSelection<Fact>;
  /** What follows where nothing is kept of them yet; to begin with, of none. */
  fresh(rules: Rules): FreshCredits<Fact>;
  /** Those of them of which something is kept by these rules. */
  kept(manager: EntityManager, ids: readonly string[], rules: Rules): Promise<string[]>;
  /** Some of them as they are now. */
  read(manager: EntityManager, ids: readonly string[], rules: Rules): Promise<Fact[]>;
  /** What follows whether or not something is kept of them. */
  credit(manager: EntityManager, facts: readonly Fact[], rules: Rules, dataVersion: number): Promise<unknown>;
}

export const dealStage: BackfillStage<CreditableDeal> = {
  subject: 'deals',
  idOf: ({ dealId }) => dealId,
  selectAfter: (after, atMost, { settings }) => creditableDealsAfter(after, atMost, settings),
  fresh: (rules) => new FreshDealCredits(rules),
  kept: async (manager, ids, { rulesVersion }) => [...(await readJourneys(manager, rulesVersion, ids)).keys()],
  read: (manager, ids, { settings }) => readCreditableDeals(manager, ids, settings),
  credit: creditDeals,
};

export const identityStage: BackfillStage<IdentityTouches> = {
  subject: 'identities',
  idOf: ({ identityId }) => identityId,
  selectAfter: (after, atMost, { rulesVersion }) => identityTouchesAfter(after, atMost, rulesVersion),
  fresh: (rules) => new FreshOpenJourneys(rules),
  kept: async (manager, ids, { rulesVersion }) => [...(await readOpenJourneys(manager, rulesVersion, ids)).keys()],
  read: (manager, ids, { rulesVersion }) => readIdentityTouches(manager, ids, rulesVersion),
  credit: creditIdentities,
};
