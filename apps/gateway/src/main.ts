import { runService } from '@crossdock/service-kit';
import { gatewayDefinition } from './gateway.definition.ts';

await runService(gatewayDefinition);
