import { connectionsSchema } from '@crossdock/connections';
import { migrateService } from '@crossdock/service-kit';
import { ordersSchema } from './orders.schema.ts';

await migrateService({ name: 'orders', schemas: [ordersSchema, connectionsSchema] });
