import { runService } from '@crossdock/service-kit';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

await runService(crmHubSpotDefinition);
