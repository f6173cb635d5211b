/* A process of its own that is a CRM service with a toy's records; `scan-crash.it.spec.ts` starts and kills it. */
import { createLogger, startService } from '@crossdock/service-kit';
import { ToyConnector } from '@crossdock/crm-connector/toy-connector.fixture';
import { z } from 'zod';
import { toyServiceDefinition } from './toy-service.fixture.ts';

const orderSchema = z.object({ settings: z.record(z.string(), z.unknown()), contacts: z.int(), pageSize: z.int() });

const { settings, contacts, pageSize } = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const toy = new ToyConnector();
toy.pageSize = pageSize;
for (let index = 0; index < contacts; index += 1) {
  toy.put({ object: 'contact', id: `contact-${index}`, fields: { email: `person${index}@example.com`, lastName: 'Muster' }, associations: [] });
}
const definition = toyServiceDefinition(toy);
await startService(definition, definition.config.parse(settings), createLogger(definition.name, 'fatal'));
