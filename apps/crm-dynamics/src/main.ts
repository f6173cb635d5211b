import { runService } from '@crossdock/service-kit';
import { crmDynamicsDefinition } from './crm-dynamics.definition.ts';

await runService(crmDynamicsDefinition);
