import { z } from 'zod';

export const dynamicsEnvironmentSchema = z.object({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** The app's address; left out, any is taken. */
  redirectUri: z.url().optional(),
  /** Off: calls are counted and shown in headers but none is refused. */
  enforceLimits: z.boolean().default(false),
  maxPageSize: z.int().positive().max(5_000).default(5_000),
  /** Off: no app may act for itself, and client credentials are refused. */
  hasApplicationUser: z.boolean().default(true),
  /** Privileges that the user's security roles do not give, such as `prvCreateAttribute`. */
  withheldPrivileges: z.array(z.string()).default([]),
  /** What the index of a new alternate key comes to: `Failed` is what rows with equal values make of it. */
  keyIndexStatus: z.enum(['Pending', 'Active', 'Failed']).default('Active'),
  /** Where changes are told, as if a service endpoint with its steps were registered. */
  webhooks: z.array(z.object({
    url: z.url(),
    auth: z.union([
      z.object({ kind: z.literal('header'), name: z.string(), value: z.string() }),
      z.object({ kind: z.literal('key'), value: z.string() }),
    ]),
  })).default([]),
});
/** What an administrator changes in the environment's own pages. */
export const dynamicsAbilitiesSchema = z.object({ hasApplicationUser: z.boolean(), withheldPrivileges: z.array(z.string()) }).partial();
export type DynamicsAbilitiesInput = z.input<typeof dynamicsAbilitiesSchema>;
export type DynamicsEnvironmentInput = z.input<typeof dynamicsEnvironmentSchema>;

export interface DynamicsEnvironmentCreated {
  orgId: string;
  tenantId: string;
  userId: string;
  environmentUrl: string;
  clientId: string;
  clientSecret: string;
  /** An app of the environment's own directory, for client credentials. */
  ownClientId: string;
  ownClientSecret: string;
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}
