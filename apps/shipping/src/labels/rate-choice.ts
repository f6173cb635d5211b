import type { Money } from '@crossdock/contracts';

export interface PricedRate {
  readonly carrier: string;
  readonly price: Money;
}

/**
 * The cheapest rate; of the preferred carrier where it offers one. Prices in several currencies cannot be compared, so
 * only those in the currency most rates are in count. Of equal prices the first is taken.
 * @returns undefined where there is no rate at all
 */
export function chooseRate<Rate extends PricedRate>(rates: readonly Rate[], carrierPreference?: string): Rate | undefined {
  const preferred = rates.filter(({ carrier }) => carrier === carrierPreference);
  const candidates = preferred.length > 0 ? preferred : rates;
  const [comparable = []] = [...Map.groupBy(candidates, ({ price }) => price.currency).values()]
    .toSorted((a, b) => b.length - a.length);
  return comparable.toSorted((a, b) => a.price.amountMinor - b.price.amountMinor)[0];
}
