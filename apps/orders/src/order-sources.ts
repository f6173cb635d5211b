import { Failure, type ShopVendor } from '@crossdock/contracts';
import type { OrderSource } from '@crossdock/order-source';

/** The shops that orders come from, by their vendors. */
export class OrderSources {
  readonly #byVendor: ReadonlyMap<string, OrderSource>;

  constructor(sources: readonly OrderSource[]) {
    this.#byVendor = new Map(sources.map((source) => [source.vendor, source]));
  }

  get vendors(): ShopVendor[] {
    return [...this.#byVendor.values()].map(({ vendor }) => vendor);
  }

  /** Undefined where the vendor has no shops. */
  find(vendor: string): OrderSource | undefined {
    return this.#byVendor.get(vendor);
  }

  /** @throws Failure `invalid` where the vendor has no shops. */
  of(vendor: string): OrderSource {
    const source = this.#byVendor.get(vendor);
    if (!source) throw new Failure('invalid', `Orders of ${vendor} are not understood.`);
    return source;
  }
}
