import type { OwnedSchema } from '@crossdock/service-kit';
import { CreateOrders1795240000000 } from './migrations/create-orders.ts';

/** The PostgreSQL schema of orders. */
export const ordersSchema: OwnedSchema = { name: 'orders', migrations: [CreateOrders1795240000000] };
