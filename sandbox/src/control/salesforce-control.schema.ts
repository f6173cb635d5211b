import { z } from 'zod';

export const salesforceOrgSchema = z.object({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  dailyApiRequests: z.int().min(0).default(100_000),
  sessionTimeoutSeconds: z.int().positive().default(7_200),
  /** On: each refresh token works once. */
  rotateRefreshTokens: z.boolean().default(false),
  /** Off: several records may have one external id, and an upsert then answers 300. */
  uniqueExternalIds: z.boolean().default(true),
  apiEnabled: z.boolean().default(true),
  queryPageSize: z.int().positive().max(2_000).default(2_000),
});
export type SalesforceOrgInput = z.input<typeof salesforceOrgSchema>;

export interface SalesforceOrgCreated {
  orgId: string;
  clientId: string;
  clientSecret: string;
  accessToken: string;
  refreshToken: string;
  instanceUrl: string;
}

export const salesforceCodeSchema = z.object({
  redirectUri: z.string().optional(),
  /** PKCE, S256. */
  codeChallenge: z.string().optional(),
});
