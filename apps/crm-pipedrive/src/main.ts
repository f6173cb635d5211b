import { runService } from '@crossdock/service-kit';
import { crmPipedriveDefinition } from './crm-pipedrive.definition.ts';

await runService(crmPipedriveDefinition);
