import { runService } from '@crossdock/service-kit';
import { crmSalesforceConfig } from './crm-salesforce.config.ts';
import { crmSalesforceModule } from './crm-salesforce.module.ts';

await runService({ name: 'crm-salesforce', config: crmSalesforceConfig, module: crmSalesforceModule });
