import type { EntityManager } from 'typeorm';
import type { Rules } from '../settings/settings.repository.ts';
import { Contributions } from './contributions.ts';
import { type CreditableDeal, journeyOf } from './creditable-deal.ts';
import { type IdentityTouches, openStepsOf } from './identity-touches.ts';
import type { JourneySteps } from './journey.ts';
import { appendRevisions, type NewRevision, storeOpenJourneys } from './journey.repository.ts';
import { addToSums } from './sum.repository.ts';

/**
 * What follows by some rules from facts of which no results are kept yet. It is worked out before results are claimed, so that neither changes
 * nor the database wait for it.
 */
export interface FreshCredits<Fact> {
  /** Works out some more. */
  add(facts: readonly Fact[]): void;
  /** Leaves out one of which something is kept by now. */
  leaveOut(id: string): void;
  /** Stores the rest; the results must be claimed. */
  store(manager: EntityManager, dataVersion: number): Promise<void>;
}

/** Of deals. */
export class FreshDealCredits implements FreshCredits<CreditableDeal> {
  readonly #revisions = new Map<string, NewRevision>();
  readonly #sums = new Contributions();

  constructor(private readonly rules: Rules) {}

  add(deals: readonly CreditableDeal[]): void {
    for (const deal of deals) {
      const journey = journeyOf(deal, this.rules.settings);
      if (!journey) continue;
      this.#revisions.set(deal.dealId, { dealId: deal.dealId, revision: 1, isWon: true, cause: 'won', journey });
      this.#sums.addWon(journey, this.rules.settings.halfLifeDays, 1);
    }
  }

  leaveOut(dealId: string): void {
    const revision = this.#revisions.get(dealId);
    if (!revision) return;
    this.#revisions.delete(dealId);
    this.#sums.addWon(revision.journey, this.rules.settings.halfLifeDays, -1);
  }

  async store(manager: EntityManager, dataVersion: number): Promise<void> {
    await appendRevisions(manager, { rulesVersion: this.rules.rulesVersion, dataVersion }, [...this.#revisions.values()]);
    addToSums(manager, this.rules.rulesVersion, this.#sums);
  }
}

/** Of people without a won deal. */
export class FreshOpenJourneys implements FreshCredits<IdentityTouches> {
  readonly #journeys = new Map<string, JourneySteps>();
  readonly #sums = new Contributions();

  constructor(private readonly rules: Rules) {}

  add(identities: readonly IdentityTouches[]): void {
    for (const { identityId, touches } of identities) {
      const steps = openStepsOf(touches, this.rules.settings);
      if (!steps) continue;
      this.#journeys.set(identityId, steps);
      this.#sums.addOpen(steps, 1);
    }
  }

  leaveOut(identityId: string): void {
    const steps = this.#journeys.get(identityId);
    if (!steps) return;
    this.#journeys.delete(identityId);
    this.#sums.addOpen(steps, -1);
  }

  async store(manager: EntityManager): Promise<void> {
    storeOpenJourneys(manager, this.rules.rulesVersion, [...this.#journeys].map(([identityId, steps]) => ({ identityId, steps })));
    addToSums(manager, this.rules.rulesVersion, this.#sums);
  }
}
