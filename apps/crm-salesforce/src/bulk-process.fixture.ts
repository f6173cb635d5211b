/* A process of its own that is the Salesforce service; `bulk-writes.it.spec.ts` starts and kills it. */
import { createLogger, startService } from '@crossdock/service-kit';
import { bulkServiceDefinition } from './bulk-service.fixture.ts';

const settings: unknown = JSON.parse(process.argv[2] ?? '{}');
await startService(bulkServiceDefinition, bulkServiceDefinition.config.parse(settings), createLogger(bulkServiceDefinition.name, 'fatal'));
