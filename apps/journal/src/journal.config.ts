import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const journalConfig = z.object({
  ...serviceConfigShape,
  journalRetentionDays: z.coerce.number().int().min(1).max(400).default(30)
    .describe('Days for which the way of a record through the services can be shown.'),
});
export type JournalConfig = z.infer<typeof journalConfig>;
