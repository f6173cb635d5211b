import { eventCatalogue, successorOf, type EventDefinition } from '@crossdock/contracts';
import { z } from 'zod';

/** Whether something is to be begun with: what is deprecated has a successor, or goes. */
const deprecationStateSchema = z.discriminatedUnion('state', [z.object({ state: z.literal('current') }), z.object({ state: z.literal('deprecated'), successor: z.string().exactOptional() })]);
export type DeprecationState = z.infer<typeof deprecationStateSchema>;

/** An event as the catalogue lists it. */
const cataloguedEventSchema = z.object({
  type: z.string(),
  version: z.string().describe('Major version, such as `v1`.'),
  owners: z.array(z.string()).readonly().describe('The services that say it.'),
  consumers: z.array(z.string()).readonly(),
  description: z.string(),
  schema: z.unknown().describe('JSON Schema of its data.'),
  deprecation: deprecationStateSchema,
}).meta({ id: 'CataloguedEvent' });
export type CataloguedEvent = z.infer<typeof cataloguedEventSchema>;

/** An endpoint of the interface as the catalogue lists it. */
const cataloguedEndpointSchema = z.object({
  method: z.string(),
  path: z.string(),
  version: z.string(),
  owner: z.string().describe('The service that does it; the gateway hands the call on where that is another one.'),
  consumers: z.enum(['tenants', 'operators', 'everybody']).describe('Who may call.'),
  scopes: z.array(z.string()).readonly(),
  description: z.string(),
  schema: z.unknown().optional().describe('JSON Schema of its body, where it takes one.'),
  deprecation: deprecationStateSchema,
}).meta({ id: 'CataloguedEndpoint' });
export type CataloguedEndpoint = z.infer<typeof cataloguedEndpointSchema>;

/** The catalogue as a document. */
export const catalogueSchema = z.object({ events: z.array(cataloguedEventSchema), endpoints: z.array(cataloguedEndpointSchema) });

const operationSchema = z.looseObject({
  summary: z.string(),
  security: z.array(z.object({ bearer: z.array(z.string()) })),
  'x-owner': z.string(),
  deprecated: z.boolean().default(false),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({ $ref: z.string().optional() }) })) }).optional(),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

const operatorScope = /^(tenants|operations):/;

/** Every event of the hub, the deprecated ones as well. @param events those of the contracts, unless a test names others */
export function cataloguedEvents(events: readonly EventDefinition[] = eventCatalogue): CataloguedEvent[] {
  return events.map(({ type, producers, consumers, description, schema }) => {
    const successor = successorOf(type, events);
    return {
      type, version: type.slice(type.lastIndexOf('.') + 1), owners: producers, consumers, description,
      schema: z.toJSONSchema(schema, { io: 'input' }), deprecation: successor === undefined ? { state: 'current' } : { state: 'deprecated', successor },
    };
  });
}

/** Every endpoint that an OpenAPI document of the hub's describes. */
export function cataloguedEndpoints(document: unknown): CataloguedEndpoint[] {
  const { paths, components } = documentSchema.parse(document);
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): CataloguedEndpoint => {
    const scopes = operation.security.flatMap(({ bearer }) => bearer);
    const reference = Object.values(operation.requestBody?.content ?? {})[0]?.schema.$ref?.replace('#/components/schemas/', '');
    return {
      method: method.toUpperCase(), path, version: path.split('/')[1] ?? '', owner: operation['x-owner'], scopes,
      consumers: scopes.length === 0 ? 'everybody' : scopes.some((scope) => operatorScope.test(scope)) ? 'operators' : 'tenants',
      description: operation.summary, ...(reference !== undefined && { schema: components.schemas[reference] }),
      deprecation: { state: operation.deprecated ? 'deprecated' : 'current' },
    };
  }));
}
