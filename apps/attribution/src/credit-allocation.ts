import type { DealStatus, Money } from '@crossdock/contracts';
import { apportion } from './apportion.ts';

/** A delivered sample: who got it and when. */
export interface Touch {
  readonly shipmentId: string;
  /** Lower case. */
  readonly contactEmail: string;
  readonly touchedAt: Date;
}

/** A deal as attribution sees it. */
export interface CreditableDeal {
  readonly status: DealStatus;
  readonly revenue: Money | undefined;
  readonly closedAt: Date;
  /** Lower case. */
  readonly contactEmails: readonly string[];
}

/** What one sample gets of one deal's revenue. */
export interface Credit {
  readonly shipmentId: string;
  readonly touchedAt: Date;
  readonly amountMinor: number;
  /** Part of the deal's revenue, above 0 and up to 1. */
  readonly share: number;
}

export const creditModel = 'linear';

/**
 * Credits a deal's revenue to the samples that reached its contacts up to its close, all alike (linear model). Only a
 * won deal with revenue gives credit; the credits sum to its revenue to the minor unit. The result depends on the set
 * of touches alone, not on the order in which they became known.
 */
export function allocateCredit(deal: CreditableDeal, touches: readonly Touch[]): Credit[] {
  if (deal.status !== 'won' || !deal.revenue) return [];
  const contacts = new Set(deal.contactEmails);
  const counted = touches
    .filter((touch) => contacts.has(touch.contactEmail) && touch.touchedAt <= deal.closedAt)
    .toSorted(byTime);
  const amounts = apportion(deal.revenue.amountMinor, counted.map(() => 1));
  return counted.map(({ shipmentId, touchedAt }, index) => ({
    shipmentId,
    touchedAt,
    amountMinor: amounts[index] ?? 0,
    share: 1 / counted.length,
  }));
}

function byTime(a: Touch, b: Touch): number {
  return a.touchedAt.getTime() - b.touchedAt.getTime() || (a.shipmentId < b.shipmentId ? -1 : 1);
}
