import { Inject, Injectable, type InjectionToken } from '@nestjs/common';
import type { Vendor } from '@crossdock/contracts';
import type { WebhookSource } from './webhook-source.ts';

/** Injection token of all vendors' sources; the module lists them. */
export const WEBHOOK_SOURCES: InjectionToken<readonly WebhookSource[]> = Symbol('WEBHOOK_SOURCES');

/** Finds the part of the edge that speaks a vendor's way of sending webhooks. */
@Injectable()
export class WebhookSources {
  readonly #byVendor: ReadonlyMap<Vendor, WebhookSource>;

  constructor(@Inject(WEBHOOK_SOURCES) sources: readonly WebhookSource[]) {
    this.#byVendor = new Map(sources.map((source) => [source.vendor, source]));
  }

  find(vendor: Vendor): WebhookSource | undefined {
    return this.#byVendor.get(vendor);
  }
}
