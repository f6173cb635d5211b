import { connectionsSchema } from '@crossdock/connections';
import { migrateService } from '@crossdock/service-kit';
import { shippingSchema } from './shipping.schema.ts';

await migrateService({ name: 'shipping', schemas: [shippingSchema, connectionsSchema] });
