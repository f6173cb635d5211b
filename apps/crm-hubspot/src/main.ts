import { runService } from '@crossdock/service-kit';
import { crmHubSpotConfig } from './crm-hubspot.config.ts';
import { crmHubSpotModule } from './crm-hubspot.module.ts';

await runService({ name: 'crm-hubspot', config: crmHubSpotConfig, module: crmHubSpotModule });
