import { runService } from '@crossdock/service-kit';
import { syncDefinition } from './sync.definition.ts';

await runService(syncDefinition);
