import { moneySchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { dailyManifestsSchema, lastCutOff } from '../manifests/daily-cut-off.ts';
import { claimDay } from '../manifests/manifest.repository.ts';

/** What a tenant allows; the body of `PUT /v1/shipping-policy`. */
export const shippingPolicySchema = z.strictObject({
  /**
   * Which recipients' addresses are looked up before a label is bought. Shippo charges for addresses outside of the United States.
   */
  addressValidation: z.enum(['us_only', 'always', 'never']).default('us_only'),
  /** No label that costs more is bought; one limit a currency. Where there are any, none is bought in a currency without one. */
  priceLimits: z.array(moneySchema.strict().refine(({ amountMinor }) => amountMinor > 0, 'must be above zero')).max(20)
    .refine((limits) => new Set(limits.map(({ currency }) => currency)).size === limits.length, 'must name each currency once').default([]),
  /** How much more than the first rate one may cost that takes its place after it ran out, in percent. */
  renewedRateRisePercent: z.int().min(0).max(100).default(10),
  /** Manifests that are made every day by themselves; left out, they are made when they are asked for. */
  dailyManifests: dailyManifestsSchema.optional(),
});
export type ShippingPolicy = z.infer<typeof shippingPolicySchema>;

/** The tenant's policy, or what holds where it has said nothing. */
export async function readPolicy(manager: EntityManager): Promise<ShippingPolicy> {
  const [row] = await manager.query<Array<{ policy: unknown }>>('SELECT policy FROM shipping_policy');
  return shippingPolicySchema.parse(row?.policy ?? {});
}

/** Replaces the policy. Daily manifests begin with the next cut-off of theirs. */
export async function keepPolicy(manager: EntityManager, tenantId: string, policy: ShippingPolicy): Promise<void> {
  const { dailyManifests } = policy;
  if (dailyManifests && !isDeepStrictEqual(dailyManifests, (await readPolicy(manager)).dailyManifests)) {
    await claimDay(manager, tenantId, lastCutOff(dailyManifests, new Date()).day);
  }
  await manager.query(
    `INSERT INTO shipping_policy (tenant_id, policy) VALUES ($1, $2)
     ON CONFLICT (tenant_id) DO UPDATE SET policy = excluded.policy, changed_at = now()`, [tenantId, JSON.stringify(policy)]);
}
