import { z } from 'zod';

export const hubSpotPortalSchema = z.object({
  portalId: z.int().positive().optional(),
  /** The app's one webhook address. Left out: that of the app's other portals, or none. */
  webhookTargetUrl: z.url().optional(),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  subscriptions: z.array(z.object({ subscriptionType: z.string(), propertyName: z.string().optional() })).optional(),
  /** Where the app may send people back to, as whole addresses. Left out: those of the app's other portals, or any. */
  redirectUris: z.array(z.url()).optional(),
  /** What the tokens of the answer may do. Left out: everything. */
  scopes: z.array(z.string()).optional(),
  /** Left out: calls are counted but none is refused. */
  rateLimit: z.object({ max: z.int().positive(), intervalMs: z.int().positive() }).optional(),
  /** How long search does not know of a change. */
  searchDelayMs: z.int().min(0).default(500),
  /** Whether deals have a pipeline of renewals beside that of sales. */
  hasRenewals: z.boolean().default(false),
});
export type HubSpotPortalInput = z.input<typeof hubSpotPortalSchema>;

export interface HubSpotPortalCreated {
  portalId: number;
  appId: number;
  clientId: string;
  clientSecret: string;
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}

export const hubSpotRecordSchema = z.object({
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type HubSpotRecordInput = z.input<typeof hubSpotRecordSchema>;

/** Records that a person brings in at once. */
export const hubSpotImportSchema = z.object({
  records: z.array(hubSpotRecordSchema).min(1).max(20_000),
  /** Since when they have been in the account as they are. Left out: now. */
  changedAt: z.iso.datetime().optional(),
});
export const hubSpotMergeSchema = z.object({ primaryId: z.string(), secondaryId: z.string() });
