import { crmObjectSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** What may stand between a canonical value and the vendor's, by name; each works in both directions. */
const transformNames = [
  /** ISO 3166-1 alpha-2 ↔ the country's English name. */
  'country_name',
  /** `example.com` ↔ `https://example.com`. */
  'website',
  /** An owner's e-mail ↔ his id at the vendor. */
  'owner_email',
  /** The vendor gets as much of a text as its field holds; the canonical value stays whole. */
  'truncate',
] as const;
export type TransformName = (typeof transformNames)[number];

/** One canonical field and its counterpart at the vendor. */
const fieldMappingSchema = z.strictObject({
  /** A field of the canonical record, or one of the tenant's own, which is kept under `custom`. */
  canonical: z.string().regex(/^[a-z][A-Za-z0-9_]{0,62}$/),
  /** The vendor's name of the field in its interface. */
  field: z.string().min(1).max(255),
  direction: z.enum(['both', 'in', 'out']).default('both'),
  /** Canonical value to the vendor's, where the two are lists of words; a value that is not named is the same in both. */
  values: z.record(z.string().min(1), z.string().min(1)).optional(),
  transform: z.enum(transformNames).optional(),
});
export type FieldMapping = z.infer<typeof fieldMappingSchema>;

/**
 * How a tenant's canonical records of one kind correspond to a vendor's.
 * @public
 */
export const objectMappingSchema = z.strictObject({ object: crmObjectSchema, fields: z.array(fieldMappingSchema).max(500) });
export type ObjectMapping = z.infer<typeof objectMappingSchema>;
