import type { CrmVendor, Envelope } from '@crossdock/contracts';

/** A CRM service hears every vendor's events on the same topics. It has nothing to do for those that name another vendor. */
export function concernsVendor(vendor: CrmVendor): (envelope: Envelope) => boolean {
  return ({ data }) => typeof data !== 'object' || data === null || !('vendor' in data) || data.vendor === vendor;
}
