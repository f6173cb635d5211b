import { sharesOfTouches, type TouchModel, touchModels, type TouchPath } from '@crossdock/attribution-models';
import type { DealStatus, Money } from '@crossdock/contracts';
import { directChannel, type Touch } from '../touches/touch.ts';
import { apportion } from './apportion.ts';

/** A deal as attribution sees it. */
export interface CreditableDeal {
  readonly status: DealStatus;
  readonly revenue: Money | undefined;
  readonly closedAt: Date;
  /** Lower case. */
  readonly contactEmails: readonly string[];
}

/** What one touch gets of one deal's revenue by one model. */
export interface Credit {
  readonly model: TouchModel;
  readonly touchId: string;
  readonly touchedAt: Date;
  readonly amountMinor: number;
  /** Part of the deal's revenue, above 0 and up to 1. */
  readonly share: number;
}

export interface CreditRules {
  /** How long before a deal's close a touch may have been, to count. */
  readonly windowDays: number;
  /** Of time decay. */
  readonly halfLifeDays: number;
}

const millisecondsPerDay = 86_400_000;

/**
 * Credits a deal's revenue by every model to the touches that reached its contacts within the window up to its close. Only a won
 * deal with revenue gives credit; by each model the credits sum to its revenue to the minor unit. The result depends on the set
 * of touches alone, not on the order in which they became known.
 */
export function allocateCredit(deal: CreditableDeal, touches: readonly Touch[], { windowDays, halfLifeDays }: CreditRules): Credit[] {
  const { revenue } = deal;
  if (deal.status !== 'won' || !revenue) return [];
  const contacts = new Set(deal.contactEmails);
  const counted = touches
    .filter(({ contactEmail, touchedAt }) => contacts.has(contactEmail) && isWithin(daysBetween(touchedAt, deal.closedAt), windowDays))
    .toSorted(byTime);
  const path = new DealPath(counted, deal.closedAt);
  return touchModels.flatMap((model) => {
    const shares = [...sharesOfTouches(path, model, { halfLifeDays })];
    const amounts = apportion(revenue.amountMinor, shares);
    return counted.flatMap(({ touchId, touchedAt }, index) => {
      const share = shares[index] ?? 0;
      return share > 0 ? [{ model, touchId, touchedAt, amountMinor: amounts[index] ?? 0, share }] : [];
    });
  });
}

class DealPath implements TouchPath {
  constructor(private readonly touches: readonly Touch[], private readonly closedAt: Date) {}

  get length(): number {
    return this.touches.length;
  }

  daysBefore(index: number): number {
    const touch = this.touches[index];
    return touch ? daysBetween(touch.touchedAt, this.closedAt) : 0;
  }

  isDirect(index: number): boolean {
    return this.touches[index]?.channel === directChannel;
  }
}

function isWithin(daysBefore: number, windowDays: number): boolean {
  return daysBefore >= 0 && daysBefore <= windowDays;
}

function daysBetween(touchedAt: Date, closedAt: Date): number {
  return (closedAt.getTime() - touchedAt.getTime()) / millisecondsPerDay;
}

function byTime(a: Touch, b: Touch): number {
  return a.touchedAt.getTime() - b.touchedAt.getTime() || (a.touchId < b.touchId ? -1 : 1);
}
