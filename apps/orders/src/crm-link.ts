import { crmVendorSchema, type CrmVendor } from '@crossdock/contracts';
import { z } from 'zod';

/** Where a shop's orders go in the CRM. */
export interface CrmLink {
  readonly vendor: CrmVendor;
  readonly connectionId: string;
}

const shopSettingsSchema = z.looseObject({
  /** The tenant's CRM connection that the shop's orders are told to. */
  crmConnectionId: z.uuid().optional(),
  crmVendor: crmVendorSchema.optional(),
});

/** Reads the link from a shop connection's settings; undefined while the tenant has set none. */
export function crmLinkOf(settings: Record<string, unknown>): CrmLink | undefined {
  const { crmConnectionId, crmVendor } = shopSettingsSchema.parse(settings);
  return crmConnectionId && crmVendor ? { vendor: crmVendor, connectionId: crmConnectionId } : undefined;
}
