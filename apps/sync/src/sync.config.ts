import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const syncConfig = z.object({
  ...serviceConfigShape,
});
export type SyncConfig = z.infer<typeof syncConfig>;
