import type { ServiceDefinition } from '@crossdock/service-kit';
import { z } from 'zod';
import type { gatewayConfig } from '../gateway.config.ts';
import { openApiDocument } from './openapi.document.ts';

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.looseObject({ $ref: z.string().optional() })) }))),
  components: z.looseObject({ responses: z.record(z.string(), z.unknown()) }),
});
const problemSchema = z.looseObject({ status: z.int(), code: z.string() });
const answerSchema = z.object({
  content: z.object({ 'application/problem+json': z.object({ schema: z.object({ allOf: z.tuple([z.unknown(), z.object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) })]) }) }) }),
});

/** Holds what a gateway under test refuses with to what the interface's document says of the route: status and code. */
export class DeclaredProblems {
  readonly #document = documentSchema.parse(openApiDocument);
  readonly #undeclared = new Set<string>();

  /** The same gateway, with its refusals looked at. */
  watching(definition: ServiceDefinition<typeof gatewayConfig>): ServiceDefinition<typeof gatewayConfig> {
    return {
      ...definition,
      configureHttp: (app, config) => {
        definition.configureHttp?.(app, config);
        app.getHttpAdapter().getInstance().addHook('onSend', async ({ method, routeOptions }, reply, payload: unknown) => {
          if (String(reply.getHeader('content-type')).startsWith('application/problem+json') && typeof payload === 'string') this.#look(method, routeOptions.url ?? '', payload);
          return payload;
        });
      },
    };
  }

  /** @throws where a route refused with something that the document does not say of it. */
  verify(): void {
    if (this.#undeclared.size > 0) throw new Error(`The interface's document does not know of these refusals:\n${[...this.#undeclared].join('\n')}`);
  }

  #look(method: string, url: string, payload: string): void {
    const shape = shapeOf(url.replaceAll(/:(\w+)/g, '{$1}'));
    const [, methods] = Object.entries(this.#document.paths).find(([path]) => shapeOf(path) === shape) ?? [];
    const operation = methods?.[method.toLowerCase()];
    if (!operation) return;
    const { status, code } = problemSchema.parse(JSON.parse(payload));
    const name = operation.responses[String(status)]?.$ref?.split('/').at(-1) ?? '';
    const declared = answerSchema.safeParse(this.#document.components.responses[name]).data?.content['application/problem+json'].schema.allOf[1].properties.code.enum ?? [];
    if (!declared.includes(code)) this.#undeclared.add(`${method} ${url}: ${status} ${code}`);
  }
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}');
}
