import { serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';

export const ordersConfig = z.object({
  ...serviceConfigShape,
  authIssuerUrl: z.url().describe('Address of auth-sso, whose access tokens callers present.'),
});
export type OrdersConfig = z.infer<typeof ordersConfig>;
