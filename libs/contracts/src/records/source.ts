import { z } from 'zod';
import { fieldValueSchema } from './crm-fields.ts';

const crmVendors = ['hubspot', 'salesforce', 'pipedrive', 'zoho', 'dynamics'] as const;
export const crmVendorSchema = z.enum(crmVendors);
export type CrmVendor = z.infer<typeof crmVendorSchema>;

const shopVendors = ['woocommerce'] as const;
/** A vendor of shops, whose orders the hub takes in. */
export type ShopVendor = (typeof shopVendors)[number];

/** Every vendor the hub connects to. Routes, registries and documents follow from this list. */
export const vendors = [...crmVendors, ...shopVendors, 'shippo'] as const;
export const vendorSchema = z.enum(vendors);
export type Vendor = z.infer<typeof vendorSchema>;

/** Whom the hub calls on a tenant's behalf: a vendor, or the place where the tenant's people sign on. */
export type CalledParty = Vendor | 'identity-provider';

/** Where a record comes from: which vendor, through which connection, under which id there. */
export const recordSourceSchema = z.object({
  vendor: vendorSchema,
  connectionId: z.uuid(),
  externalId: z.string().min(1).max(255),
});
export type RecordSource = z.infer<typeof recordSourceSchema>;

/** A point in time, ISO 8601 in UTC with milliseconds. */
export const timestampSchema = z.iso.datetime({ precision: 3 });

/** A point in time as the database gives it, as it goes out. */
export const storedTimeSchema = z.date().transform((at) => at.toISOString()).pipe(timestampSchema);

/** Fields every record of a vendor has in canonical form. */
export const sourcedRecordShape = {
  source: recordSourceSchema,
  /** When the vendor says it was last changed; an older state never overwrites a newer one. */
  modifiedAt: timestampSchema,
  /** Mapped custom fields, by canonical name. */
  custom: z.record(z.string(), fieldValueSchema).optional(),
};
