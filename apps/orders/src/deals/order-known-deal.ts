import { isBehind } from '../crm-sync.machine.ts';
import type { CustomerOrder } from '../order.entity.ts';
import type { KnownDeal } from './deal-verdict.ts';

/** What a stored order knows of its deal. */
export function knownDealOf(order: CustomerOrder): KnownDeal {
  return {
    status: order.status, isDeleted: order.deletedAt !== null, isInStep: !isBehind(order.crmSync),
    words: order.dealWords, own: order.ownDealWords, modifiedAt: order.dealModifiedAt?.toISOString(), writtenAt: order.dealWrittenAt?.toISOString(),
    verification: order.verification ?? undefined,
  };
}

/** Has an order, which the caller then keeps, know this of its deal. */
export function keepKnownDeal(order: CustomerOrder, { words, own, modifiedAt, writtenAt, verification }: Omit<KnownDeal, 'status' | 'isDeleted' | 'isInStep'>): void {
  order.dealWords = words;
  order.ownDealWords = own;
  order.dealModifiedAt = modifiedAt === undefined ? null : new Date(modifiedAt);
  order.dealWrittenAt = writtenAt === undefined ? null : new Date(writtenAt);
  order.verification = verification ?? null;
}
