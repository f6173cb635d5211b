import { z } from 'zod';

/**
 * What the hub can do in an account. `full`: all of it. `light`: it reads and writes records, but may not prepare the account,
 * so that a person makes the fields that it needs. `read_only`: it writes nothing. `none`: the vendor's interface is closed.
 */
export const capabilityModeSchema = z.enum(['full', 'light', 'read_only', 'none']);
export type CapabilityMode = z.infer<typeof capabilityModeSchema>;

export const capabilityNameSchema = z.enum([
  /** The vendor's interface may be called at all. */
  'api',
  'read_records',
  'write_records',
  /** The hub may make the fields that it needs by itself. */
  'create_fields',
  /** The field that keeps the hub's key is there: without it no record is found again. */
  'key_field',
  /** Types of records of the hub's own. */
  'custom_objects',
  /** Pages of the hub's own inside the vendor's. */
  'embedded_pages',
  /** A deal may have line items of the vendor's own. */
  'line_items',
  /** The vendor tells of changes by itself. */
  'change_notices',
]);
export type CapabilityName = z.infer<typeof capabilityNameSchema>;

export const capabilitySchema = z.object({
  name: capabilityNameSchema,
  available: z.boolean(),
  /** What the user goes without while it is missing, and who can mend that: one or two sentences. */
  consequence: z.string().min(1).max(500),
});
export type Capability = z.infer<typeof capabilitySchema>;

/** What an account really allows, as far as the vendor has something of the kind; what is not named was not looked at. */
export const capabilityReportSchema = z.object({
  mode: capabilityModeSchema,
  /** The account's edition or tier in the vendor's words. Nothing is decided by it. */
  edition: z.string().max(100).optional(),
  capabilities: z.array(capabilitySchema),
});
export type CapabilityReport = z.infer<typeof capabilityReportSchema>;
