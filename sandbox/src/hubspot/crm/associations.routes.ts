import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { defaultAssociationTypeId, objectTypeFacts, objectTypeOf, type CrmObjectType } from './crm-object-types.ts';
import type { CrmRecord } from './crm-records.ts';
import type { Portal } from '../hubspot-accounts.ts';
import { invalidInput, notFound } from '../hubspot-refusals.ts';
import type { PortalOf } from '../portal-session.ts';

const idSchema = z.object({ id: z.coerce.string() });
const pairsSchema = z.object({ inputs: z.array(z.object({ from: idSchema, to: idSchema })).min(1).max(2_000) });
const archiveSchema = z.object({ inputs: z.array(z.object({ from: idSchema, to: z.array(idSchema).min(1) })).min(1).max(2_000) });
const idsSchema = z.object({ inputs: z.array(idSchema).min(1).max(1_000) });

interface PairPath {
  Params: { from: string; fromId: string; to: string; toId: string };
}
interface TypesPath {
  Params: { from: string; to: string };
}

/** Associations v4: which records belong together. */
export function registerAssociationRoutes(app: FastifyInstance, portalOf: PortalOf): void {
  app.put<PairPath>('/crm/v4/objects/:from/:fromId/associations/default/:to/:toId', async (request) => {
    const portal = portalOf(request);
    const { from, fromId, to, toId } = request.params;
    const pair = pairOf(portal, objectTypeOf(from), fromId, objectTypeOf(to), toId);
    return done(associate(portal, [pair]));
  });

  app.post<TypesPath>('/crm/v4/associations/:from/:to/batch/associate/default', async (request) => {
    const portal = portalOf(request);
    const [from, to] = [objectTypeOf(request.params.from), objectTypeOf(request.params.to)];
    const { inputs } = read(pairsSchema, request.body, invalidInput);
    const pairs = inputs.map((input) => pairOf(portal, from, input.from.id, to, input.to.id));
    return done(associate(portal, pairs));
  });

  app.post<TypesPath>('/crm/v4/associations/:from/:to/batch/archive', async (request, reply) => {
    const portal = portalOf(request);
    const [from, to] = [objectTypeOf(request.params.from), objectTypeOf(request.params.to)];
    const { inputs } = read(archiveSchema, request.body, invalidInput);
    for (const input of inputs) {
      for (const { id } of input.to) dissociate(portal, pairOf(portal, from, input.from.id, to, id));
    }
    return await reply.code(204).send();
  });

  app.post<TypesPath>('/crm/v4/associations/:from/:to/batch/read', async (request, reply) => {
    const portal = portalOf(request);
    const [from, to] = [objectTypeOf(request.params.from), objectTypeOf(request.params.to)];
    const { inputs } = read(idsSchema, request.body, invalidInput);
    const found = inputs.map(({ id }) => ({ id, far: portal.associations.of({ type: from, id }, to) }));
    const results = found
      .filter(({ far }) => far.length > 0)
      .map(({ id, far }) => ({
        from: { id },
        to: far.map((end) => ({ toObjectId: Number(end.id), associationTypes: end.types })),
      }));
    const errors = found.filter(({ far }) => far.length === 0).map(({ id }) => noAssociations(from, to, id));
    if (errors.length === 0) return done(results);
    return await reply.code(207).send({ ...done(results), numErrors: errors.length, errors });
  });

  app.get<PairPath>('/crm/v4/objects/:from/:fromId/associations/:to', async (request) => {
    const { from, fromId, to } = request.params;
    const ends = portalOf(request).associations.of({ type: objectTypeOf(from), id: fromId }, objectTypeOf(to));
    return { results: ends.map(({ id, types }) => ({ toObjectId: Number(id), associationTypes: types })) };
  });

  app.delete<PairPath>('/crm/v4/objects/:from/:fromId/associations/:to/:toId', async (request, reply) => {
    const portal = portalOf(request);
    const { from, fromId, to, toId } = request.params;
    dissociate(portal, pairOf(portal, objectTypeOf(from), fromId, objectTypeOf(to), toId));
    return await reply.code(204).send();
  });
}

interface Pair {
  from: CrmRecord;
  to: CrmRecord;
}

function pairOf(portal: Portal, fromType: CrmObjectType, fromId: string, toType: CrmObjectType, toId: string): Pair {
  const from = portal.records.find(fromType, fromId);
  const to = portal.records.find(toType, toId);
  if (from === undefined || to === undefined) throw notFound();
  return { from, to };
}

const associate = (portal: Portal, pairs: Pair[]): unknown[] =>
  pairs.flatMap(({ from, to }) => {
    if (portal.associations.associate(from, to)) portal.associationChanged(from, to, false);
    return [answerOf(from, to), answerOf(to, from)];
  });

function dissociate(portal: Portal, { from, to }: Pair): void {
  if (portal.associations.dissociate(from, to)) portal.associationChanged(from, to, true);
}

const answerOf = (from: CrmRecord, to: CrmRecord): unknown => ({
  from: { id: from.id },
  to: { id: to.id },
  associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: defaultAssociationTypeId(from.type, to.type) },
});

const noAssociations = (from: CrmObjectType, to: CrmObjectType, id: string): unknown => ({
  status: 'error',
  category: 'OBJECT_NOT_FOUND',
  subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
  message: `No ${objectTypeFacts[to].singular} is associated with ${objectTypeFacts[from].singular} ${id}.`,
  context: { fromObjectId: [id], fromObjectType: [from], toObjectType: [to] },
});

function done(results: unknown[]): Record<string, unknown> {
  const now = new Date().toISOString();
  return { status: 'COMPLETE', results, startedAt: now, completedAt: now };
}
