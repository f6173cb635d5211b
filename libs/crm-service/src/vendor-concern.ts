import { vendorSchema, type CrmVendor } from '@crossdock/contracts';
import type { EventConcern } from '@crossdock/event-bus';

const vendors: ReadonlySet<unknown> = new Set(vendorSchema.options);

/** A CRM service hears every vendor's events on the same topics. It has nothing to do for those that name another vendor; a name that is no vendor's is looked at. */
export function concernsVendor(vendor: CrmVendor): EventConcern {
  return ({ data }) => typeof data !== 'object' || data === null || !('vendor' in data) || data.vendor === vendor || !vendors.has(data.vendor);
}
