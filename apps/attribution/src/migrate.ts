import { migrateService } from '@crossdock/service-kit';
import { attributionSchema } from './attribution.schema.ts';

await migrateService({ name: 'attribution', schemas: [attributionSchema] });
