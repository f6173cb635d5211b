import { migrateService } from '@crossdock/service-kit';
import { gatewaySchemas } from './gateway.schemas.ts';

await migrateService({ name: 'gateway', schemas: gatewaySchemas });
