import { formatDecimal, type Money } from '@crossdock/contracts';

export interface PriceRule {
  /** What no label may cost more than. Where there are any, a price in a currency without one is not taken. */
  readonly limits: readonly Money[];
  /** What the first rate cost, where a rate takes the place of one that ran out. */
  readonly firstPrice?: Money | undefined;
  readonly renewedRateRisePercent: number;
}

/** No parcel of up to 70 kg costs a hundred thousand to send: a price like that is a fault of whoever names it. */
const absurdAmountMinor = 10_000_000;

/** Why a label of this price is not bought; undefined where it may be. */
export function priceFault(price: Money, { limits, firstPrice, renewedRateRisePercent }: PriceRule): string | undefined {
  const asked = written(price);
  if (price.amountMinor < 0 || price.amountMinor > absurdAmountMinor) return `The cheapest rate is ${asked}, which cannot be right.`;
  const limit = limits.filter(({ currency }) => currency === price.currency).toSorted((a, b) => a.amountMinor - b.amountMinor)[0];
  if (limit && price.amountMinor > limit.amountMinor) {
    return `The cheapest rate is ${asked}, and the limit is ${written(limit)}. Raise the limit or choose another carrier.`;
  }
  if (!limit && limits.length > 0) return `The cheapest rate is ${asked}, and limits are set in ${limits.map(({ currency }) => currency).join(', ')} only. Set one in ${price.currency}.`;
  if (!firstPrice) return undefined;
  if (firstPrice.currency !== price.currency) return `The first rate ran out; it was in ${firstPrice.currency} and the new one is in ${price.currency}.`;
  if (price.amountMinor * 100 <= firstPrice.amountMinor * (100 + renewedRateRisePercent)) return undefined;
  return `The first rate of ${written(firstPrice)} ran out, and the new one of ${asked} is more than ${renewedRateRisePercent} % above it.`;
}

function written(money: Money): string {
  return `${formatDecimal(money)} ${money.currency}`;
}
