import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateShipping1795240000000 } from './migrations/create-shipping.ts';

/** The PostgreSQL schema of shipping. */
export const shippingSchema: OwnedSchema = { name: 'shipping', migrations: [CreateShipping1795240000000] };
