import type { PrivateNetworks } from '@crossdock/outbound-http';
import { z } from 'zod';

const networks = /^(true|false|[\da-f.:]+\/\d{1,3}(,[\da-f.:]+\/\d{1,3})*)$/i;

/** Settings of every service that calls vendors. */
export const outboundConfigShape = {
  outboundAllowPrivateNetworks: z.string().regex(networks, 'true, false, or networks such as 127.0.0.0/8,::1/128').default('false')
    .transform((text): PrivateNetworks => (text === 'true' || text === 'false' ? text === 'true' : text.split(',')))
    .describe('Networks that vendor calls may reach beside the public internet, by any port: a list such as 127.0.0.0/8,::1/128, or true for all. For development with the sandbox only.'),
  vendorBudgetInteractiveShare: z.coerce.number().min(0).max(0.9).default(0.1)
    .describe('Part of each vendor limit, 0 to 0.9, that background work leaves to calls a person waits for.'),
  vendorBudgetReplicas: z.coerce.number().int().min(1).max(1_000).default(4)
    .describe('How many processes share a vendor account at most: while Redis is away each keeps to its limits divided by this.'),
  callLogRetentionDays: z.coerce.number().int().min(1).max(90).default(14)
    .describe('Days for which the record of each vendor call is kept.'),
};

export type OutboundConfig = z.infer<z.ZodObject<typeof outboundConfigShape>>;
