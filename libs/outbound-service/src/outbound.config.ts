import { z } from 'zod';

/** Settings of every service that calls vendors. */
export const outboundConfigShape = {
  outboundAllowPrivateNetworks: z.stringbool().default(false)
    .describe('Lets vendor calls reach loopback and private networks and any port. For development with the sandbox only.'),
  vendorBudgetInteractiveShare: z.coerce.number().min(0).max(0.9).default(0.1)
    .describe('Part of each vendor limit, 0 to 0.9, that background work leaves to calls a person waits for.'),
  vendorBudgetReplicas: z.coerce.number().int().min(1).max(1_000).default(4)
    .describe('How many processes share a vendor account at most: while Redis is away each keeps to its limits divided by this.'),
  callLogRetentionDays: z.coerce.number().int().min(1).max(90).default(14)
    .describe('Days for which the record of each vendor call is kept.'),
};

export type OutboundConfig = z.infer<z.ZodObject<typeof outboundConfigShape>>;
