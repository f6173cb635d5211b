import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const attributionConfig = z.object({
  ...serviceConfigShape,
});
export type AttributionConfig = z.infer<typeof attributionConfig>;
