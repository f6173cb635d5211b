import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const effectConfig = z.object({
  ...serviceConfigShape,
  vendorUrl: z.url().describe('Where the vendor is told of effects.'),
});
export type EffectConfig = z.infer<typeof effectConfig>;
