/** What requests are checked by: found where a route's handler parses them, in the gateway or in the service that it forwards to. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';
import { routesIn, type DeclaredRoute, type SchemaPlace } from './controller-source.ts';

/** Imports a source file of a package, or a package by its name, and gives what it exports. */
export type SourceLoader = (place: string) => Promise<unknown>;

export type RouteSchemas = { readonly body: z.ZodType | undefined; readonly query: z.ZodType | undefined; readonly path: z.ZodType | undefined };

/** Where the gateway hands on a part of what the service's own route takes, or more than that. */
const handedOnOtherwise: Readonly<Record<string, SchemaPlace>> = {
  'put /v1/orders/state-machine': { file: join(ROOT, 'apps/orders/src/state-machine/machine-definition.ts'), name: 'machineDefinitionSchema' },
  'put /v1/attribution/settings': { file: join(ROOT, 'apps/attribution/src/settings/settings.ts'), name: 'settingsSchema' },
  'put /v1/connections/{}/mappings/{}': { file: '@crossdock/field-mapping', name: 'mappingRulesSchema' },
};

/** A route of a service behind the gateway. */
interface RouteBehind {
  readonly route: DeclaredRoute;
  readonly owner: string;
}

/** Every service that speaks with a CRM serves the routes of its library. */
function ownerIn(folder: string): string {
  if (folder === 'libs/operations') return 'every service';
  return folder === 'libs/crm-service' ? 'crm-<vendor>' : folder.slice(folder.lastIndexOf('/') + 1);
}

/** The routes of the gateway under `/v1`, in the order of their paths. */
export function gatewayRoutes(): DeclaredRoute[] {
  return controllersOf('apps/gateway').flatMap(routesIn).filter(({ path }) => path.startsWith('/v1/'))
    .sort((one, other) => (`${one.path} ${one.method}` < `${other.path} ${other.method}` ? -1 : 1));
}

/** Finds the schemas of the gateway's routes. What a route forwards is taken at the same address by the service behind it. */
export class RequestSchemas {
  readonly #behind: ReadonlyMap<string, RouteBehind>;
  readonly #load: SourceLoader;

  constructor(load: SourceLoader) {
    this.#load = load;
    const services = ['apps/orders', 'apps/shipping', 'apps/attribution', 'apps/sync', 'apps/journal', 'apps/auth-sso', 'libs/crm-service', 'libs/operations'];
    this.#behind = new Map(services.flatMap((folder) => controllersOf(folder).flatMap(routesIn).map((route) => [shapeOf(route), { route, owner: ownerIn(folder) }])));
  }

  /** The service that does what the route says: the one behind it, or the gateway itself. */
  ownerOf(route: DeclaredRoute): string {
    return this.#behind.get(shapeOf(route))?.owner ?? 'gateway';
  }

  /** The route of the service behind, where one is at the same address. */
  behind(route: DeclaredRoute): DeclaredRoute | undefined {
    return this.#behind.get(shapeOf(route))?.route;
  }

  /** The route of a service behind, by method and path: `GET /v1/orders/:id`. */
  named(name: string): DeclaredRoute | undefined {
    const [method = '', path = ''] = name.split(' ');
    return this.#behind.get(`${method.toLowerCase()} ${path.replaceAll(/:\w+/g, '{}')}`)?.route;
  }

  async of(route: DeclaredRoute): Promise<RouteSchemas> {
    const behind = this.behind(route);
    const body = route.body ?? handedOnOtherwise[shapeOf(route)] ?? behind?.body;
    return {
      body: route.takesBody && body ? await this.#schemaAt(body, route) : undefined,
      query: await this.#optional(route.takesQuery ? route.query ?? behind?.query : undefined, route),
      path: await this.#optional(route.pathSchema, route),
    };
  }

  async #optional(place: SchemaPlace | undefined, route: DeclaredRoute): Promise<z.ZodType | undefined> {
    return place && this.#schemaAt(place, route);
  }

  async #schemaAt({ file, name }: SchemaPlace, route: DeclaredRoute): Promise<z.ZodType> {
    const exported = z.record(z.string(), z.unknown()).parse({ ...z.looseObject({}).parse(await this.#load(file)) });
    const schema = exported[name];
    if (schema instanceof z.ZodType) return schema;
    throw new Error(`${route.method} ${route.path} checks a request by ${name}: export it from ${file} (with the tag @public), so that it can be described.`);
  }
}

function controllersOf(folder: string): string[] {
  return globSync(`${folder}/src/**/*.controller.ts`, { cwd: ROOT }).sort().map((file) => join(ROOT, file));
}

/** Method and path whatever its parameters are called. */
function shapeOf({ method, path }: DeclaredRoute): string {
  return `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
}
