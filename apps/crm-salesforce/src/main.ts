import { runService } from '@crossdock/service-kit';
import { crmSalesforceDefinition } from './crm-salesforce.definition.ts';

await runService(crmSalesforceDefinition);
