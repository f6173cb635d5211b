import { crmServiceSchemas } from '@crossdock/crm-service';
import { migrateService } from '@crossdock/service-kit';

await migrateService({ name: 'crm-dynamics', schemas: crmServiceSchemas('crm-dynamics') });
