import { z } from 'zod';
import { knownScopes } from '../pipedrive/company-plan.ts';

export const pipedriveCompanySchema = z.object({
  /** First part of the company's address. */
  domain: z.string().regex(/^[a-z0-9-]+$/).optional(),
  plan: z.enum(['lite', 'growth', 'premium', 'ultimate']).default('lite'),
  seats: z.int().positive().default(1),
  /** Off: calls are counted and shown in headers but none is refused. */
  enforceLimits: z.boolean().default(false),
  /** How long search does not know of a change. */
  searchDelayMs: z.int().min(0).default(500),
  defaultCurrency: z.string().length(3).default('EUR'),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** The app's address; left out, any is taken. */
  redirectUri: z.url().optional(),
  scopes: z.array(z.enum(knownScopes)).default([...knownScopes]),
});
export type PipedriveCompanyInput = z.input<typeof pipedriveCompanySchema>;

export interface PipedriveCompanyCreated {
  companyId: number;
  domain: string;
  userId: number;
  apiDomain: string;
  apiToken: string;
  clientId: string;
  clientSecret: string;
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}
