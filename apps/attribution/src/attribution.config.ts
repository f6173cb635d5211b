import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const attributionConfig = z.object({
  ...serviceConfigShape,
  authIssuerUrl: z.url().describe('Address of auth-sso, whose access tokens callers present.'),
});
export type AttributionConfig = z.infer<typeof attributionConfig>;
