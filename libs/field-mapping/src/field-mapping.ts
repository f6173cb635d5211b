import { crmObjectSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** What may stand between a canonical value and the vendor's, by name; each works in both directions. */
export const transformNames = [
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

const canonicalNameSchema = z.string().regex(/^[a-z][A-Za-z0-9_]{0,62}$/);
const vendorWordSchema = z.string().min(1).max(255);

/** One canonical field and its counterpart at the vendor. */
export const fieldMappingSchema = z.strictObject({
  /** A field of the canonical record, or one of the tenant's own, which is kept under `custom`. */
  canonical: canonicalNameSchema,
  /** The vendor's name of the field in its interface. */
  field: z.string().min(1).max(255),
  direction: z.enum(['both', 'in', 'out']).default('both'),
  /**
   * Canonical value to the vendor's, where the two are lists of words; a value that is not named is the same in both. Of
   * several vendor values the first is written, and each is read as the canonical one.
   */
  values: z.record(z.string().min(1).max(255), z.union([vendorWordSchema, z.array(vendorWordSchema).min(1).max(100)])).optional(),
  transform: z.enum(transformNames).optional(),
});
export type FieldMapping = z.infer<typeof fieldMappingSchema>;

/** How a tenant's canonical records of one kind correspond to a vendor's: at most one rule for a canonical field. */
export const objectMappingSchema = z.object({ object: crmObjectSchema, fields: z.array(fieldMappingSchema).readonly() });
export type ObjectMapping = z.infer<typeof objectMappingSchema>;

/** What a tenant wants otherwise than by default. */
export const mappingRulesSchema = z.strictObject({
  /** Each takes the place of the default for its canonical field. */
  fields: z.array(fieldMappingSchema).max(500).default([]),
  /** Canonical fields whose default does not hold: they are neither read nor written. */
  off: z.array(canonicalNameSchema).max(500).default([]),
}).superRefine(({ fields, off }, context) => {
  const seen = new Set(off);
  for (const [index, { canonical }] of fields.entries()) {
    if (seen.has(canonical)) {
      context.addIssue({ code: 'custom', path: ['fields', index, 'canonical'], message: `${canonical} is mapped twice, or mapped and switched off; leave one.` });
    }
    seen.add(canonical);
  }
});
export type MappingRules = z.infer<typeof mappingRulesSchema>;
