import { eventCatalogue, successorOf, type EventDefinition } from '@crossdock/contracts';
import { z } from 'zod';

/** Whether something is to be begun with: what is deprecated has a successor, or goes. */
export type DeprecationState = { readonly state: 'current' } | { readonly state: 'deprecated'; readonly successor?: string };

/** An event as the catalogue lists it. */
export interface CataloguedEvent {
  readonly type: string;
  /** Major version, such as `v1`. */
  readonly version: string;
  /** The services that say it. */
  readonly owners: readonly string[];
  readonly consumers: readonly string[];
  readonly description: string;
  /** JSON Schema of its data. */
  readonly schema: unknown;
  readonly deprecation: DeprecationState;
}

/** An endpoint of the interface as the catalogue lists it. */
export interface CataloguedEndpoint {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  /** The service that does it; the gateway hands the call on where that is another one. */
  readonly owner: string;
  /** Who may call. */
  readonly consumers: 'tenants' | 'operators' | 'everybody';
  readonly scopes: readonly string[];
  readonly description: string;
  /** JSON Schema of its body, where it takes one. */
  readonly schema?: unknown;
  readonly deprecation: DeprecationState;
}

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
