import { runService } from '@crossdock/service-kit';
import { crmZohoDefinition } from './crm-zoho.definition.ts';

await runService(crmZohoDefinition);
