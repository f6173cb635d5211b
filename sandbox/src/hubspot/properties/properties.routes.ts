import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { objectTypeOf } from '../crm/crm-object-types.ts';
import { pipelinesOf } from './deal-pipelines.ts';
import { invalidInput, notFound } from '../hubspot-refusals.ts';
import type { PortalOf } from '../portal-session.ts';
import type { NewProperty } from './property-definitions.ts';

/** A property as it is made, by the interface or by a person. */
export const newPropertySchema = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(['string', 'number', 'date', 'datetime', 'enumeration', 'bool', 'phone_number']),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string().default(''),
  hasUniqueValue: z.boolean().default(false),
  hidden: z.boolean().default(false),
  formField: z.boolean().default(true),
  options: z
    .array(
      z.object({
        label: z.string(),
        value: z.string(),
        displayOrder: z.number().default(-1),
        hidden: z.boolean().default(false),
      }),
    )
    .default([]),
}) satisfies z.ZodType<NewProperty>;

interface TypePath {
  Params: { type: string };
}
interface NamePath {
  Params: { type: string; name: string };
}

/** What fields a portal's records have, and the stages of its deals. */
export function registerPropertyRoutes(
  app: FastifyInstance,
  bases: { properties: string; pipelines: string },
  portalOf: PortalOf,
): void {
  app.get<TypePath>(`${bases.properties}/:type`, async (request) => ({
    results: portalOf(request).definitions.list(objectTypeOf(request.params.type)),
  }));

  app.get<NamePath>(`${bases.properties}/:type/:name`, async (request) =>
    portalOf(request).definitions.get(objectTypeOf(request.params.type), request.params.name),
  );

  app.post<TypePath>(`${bases.properties}/:type`, async (request, reply) => {
    const property = read(newPropertySchema, request.body, invalidInput);
    const { definitions } = portalOf(request);
    const added = definitions.add(objectTypeOf(request.params.type), property, new Date().toISOString());
    return await reply.code(201).send(added);
  });

  app.delete<NamePath>(`${bases.properties}/:type/:name`, async (request, reply) => {
    portalOf(request).definitions.remove(objectTypeOf(request.params.type), request.params.name);
    return await reply.code(204).send();
  });

  app.get<TypePath>(`${bases.pipelines}/:type`, async (request) => ({
    results: objectTypeOf(request.params.type) === 'deals' ? pipelinesOf(portalOf(request)) : [],
  }));

  app.get<{ Params: { type: string; id: string } }>(`${bases.pipelines}/:type/:id`, async (request) => {
    const pipeline = pipelinesOf(portalOf(request)).find((candidate) => candidate.id === request.params.id);
    if (pipeline === undefined || objectTypeOf(request.params.type) !== 'deals') throw notFound();
    return pipeline;
  });
}
