import { runService } from '@crossdock/service-kit';
import { attributionDefinition } from './attribution.definition.ts';

await runService(attributionDefinition);
