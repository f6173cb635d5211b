import { crmObjectSchema, crmVendorSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** One account that takes part. */
export const syncSideSchema = z.strictObject({
  connectionId: z.uuid(),
  vendor: crmVendorSchema,
  /** What changes there is taken over. */
  reads: z.boolean(),
  /** What changed elsewhere is written there. */
  writes: z.boolean(),
});
export type SyncSide = z.infer<typeof syncSideSchema>;

/** What happens where a field was changed in two places since they last agreed. */
export const conflictPolicySchema = z.enum([
  /** The side that stands first in the list of sides wins. */
  'source_wins',
  /** The later change wins, by the vendors' times. */
  'latest_wins',
  /** Both stay as they are until a person decides. */
  'ask',
]);
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>;

/** What happens to a record elsewhere that was archived in one place, or merged into another one. */
export const gonePolicySchema = z.enum([
  /** Elsewhere it lives on and stays in step; it is not made again where it is gone. */
  'ignore',
  /** It is archived everywhere. */
  'archive',
  /** Elsewhere it stays as it is, and is kept in step no more. */
  'tombstone',
]);
export type GonePolicy = z.infer<typeof gonePolicySchema>;

/** How records of one kind are kept in step between accounts. */
export const syncRulesSchema = z.strictObject({
  object: crmObjectSchema,
  sides: z.array(syncSideSchema).min(1).max(10),
  /** Canonical field to the connection whose word alone counts for it. */
  authority: z.record(z.string(), z.uuid()),
  conflicts: conflictPolicySchema,
  gone: gonePolicySchema,
});
export type SyncRules = z.infer<typeof syncRulesSchema>;
