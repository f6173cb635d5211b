import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { controlRefusal } from '../control/control-refusal.ts';
import { salesforceAbilitiesSchema, salesforceOrgSchema, type SalesforceOrgCreated } from '../control/salesforce-control.schema.ts';
import { read } from '../request-bodies.ts';
import type { Grants } from './login/grants.ts';
import { instanceUrlOf } from './login/org-identity.ts';
import type { Org, Orgs } from './orgs.ts';
import { RecordWriting } from './records/record-writing.ts';
import { sobjectTypes } from './records/sobject-fields.ts';
import type { CometdClients } from './streaming/cometd-clients.ts';

interface OrgPath {
  Params: { orgId: string };
}
interface TypePath {
  Params: { orgId: string; type: string };
}
interface RecordPath {
  Params: { orgId: string; type: string; id: string };
}

const gapSchema = z.object({ type: z.enum(sobjectTypes), ids: z.array(z.string()) });

/** Orgs to work with, and a person who edits records in Salesforce's own pages. */
export function registerSalesforceControl(scope: FastifyInstance, orgs: Orgs, grants: Grants, clients: CometdClients): void {
  const orgOf = (orgId: string): Org => {
    const org = orgs.byId.get(orgId);
    if (org === undefined) throw controlRefusal(404, `There is no Salesforce org ${orgId}.`);
    org.changeEvents.client = undefined;
    return org;
  };
  const refuse = (path: string, message: string): ReturnType<typeof controlRefusal> => controlRefusal(400, message, path);

  scope.post('/orgs', async (request, reply) => {
    const { externalIdFields, uniqueExternalIds, ...wanted } = read(salesforceOrgSchema, request.body ?? {}, refuse);
    const org = orgs.add({
      ...wanted,
      myDomain: wanted.myDomain ?? null,
      redirectUris: wanted.redirectUris ?? null,
      clientId: wanted.clientId ?? randomUUID(),
      clientSecret: wanted.clientSecret ?? randomUUID(),
    });
    if (externalIdFields) org.customFields.addAllOfCrossdock(uniqueExternalIds);
    const grant = { org, scopes: ['api', 'refresh_token'] };
    const answer: SalesforceOrgCreated = {
      orgId: org.orgId,
      clientId: org.options.clientId,
      clientSecret: org.options.clientSecret,
      accessToken: grants.openSession(grant),
      refreshToken: grants.issueRefreshToken(grant),
      instanceUrl: instanceUrlOf(org, request),
    };
    return await reply.code(201).send(answer);
  });

  scope.patch<OrgPath>('/orgs/:orgId', async (request, reply) => {
    const { permissions, externalIdFields, changeEventTypes, ...wanted } = read(salesforceAbilitiesSchema, request.body ?? {}, refuse);
    const { options, customFields, changeEvents } = orgOf(request.params.orgId);
    if (changeEventTypes) changeEvents.selectOnly(changeEventTypes);
    if (externalIdFields === true) customFields.addAllOfCrossdock(true);
    else if (externalIdFields === false) customFields.clear();
    Object.assign(options, wanted, { permissions: { ...options.permissions, ...permissions } });
    return await reply.code(204).send();
  });

  scope.delete<{ Params: { orgId: string; type: string; field: string } }>('/orgs/:orgId/fields/:type/:field', async (request, reply) => {
    const { orgId, type, field } = request.params;
    const org = orgOf(orgId);
    if (!org.customFields.remove(new RecordWriting(org, null).typeOf(type), field)) throw controlRefusal(404, `Org ${orgId} has no field ${field} on ${type}.`);
    return await reply.code(204).send();
  });

  scope.get<TypePath>('/orgs/:orgId/:type', async (request) => {
    const org = orgOf(request.params.orgId);
    const type = new RecordWriting(org, null).typeOf(request.params.type);
    return { results: org.records.list(type).map((record) => record.values) };
  });

  scope.post<TypePath>('/orgs/:orgId/:type', async (request, reply) => {
    const org = orgOf(request.params.orgId);
    const records = new RecordWriting(org, null);
    const type = records.typeOf(request.params.type);
    const inputs = read(z.array(z.record(z.string(), z.unknown())).min(1).max(20_000), request.body, refuse);
    const made = inputs.map((input) => records.prepareCreate(type, input)).map((write) => write.run().record);
    return await reply.code(201).send({ ids: made.map(({ id }) => id) });
  });

  scope.post<{ Params: { orgId: string; winner: string; loser: string } }>('/orgs/:orgId/Contact/:winner/merge/:loser', async (request, reply) => {
    const { orgId, winner, loser } = request.params;
    const { records } = orgOf(orgId);
    const [kept, lost] = [records.find('Contact', winner), records.find('Contact', loser)];
    if (kept === undefined || lost === undefined) throw controlRefusal(404, `Org ${orgId} has not both contacts, ${winner} and ${loser}.`);
    records.mergeContacts(kept, lost);
    return await reply.code(204).send();
  });

  scope.put<{ Params: { orgId: string }; Body: unknown }>('/orgs/:orgId/locks', async (request, reply) => {
    const { lockedIds } = orgOf(request.params.orgId);
    lockedIds.clear();
    for (const id of read(z.array(z.string()), request.body, refuse)) lockedIds.add(id);
    return await reply.code(204).send();
  });

  scope.get<OrgPath>('/orgs/:orgId/streams', async (request) => ({ clients: clients.of(orgOf(request.params.orgId)).filter(({ subscriptions }) => subscriptions.size > 0).length }));

  scope.delete<OrgPath>('/orgs/:orgId/streams', async (request, reply) => {
    for (const client of clients.of(orgOf(request.params.orgId))) clients.close(client);
    return await reply.code(204).send();
  });

  scope.delete<OrgPath>('/orgs/:orgId/change-events', async (request, reply) => {
    orgOf(request.params.orgId).changeEvents.forget();
    return await reply.code(204).send();
  });

  scope.post<OrgPath>('/orgs/:orgId/change-events/gaps', async (request, reply) => {
    const { type, ids } = read(gapSchema, request.body, refuse);
    orgOf(request.params.orgId).changeEvents.tellOfGap(type, ids);
    return await reply.code(204).send();
  });

  scope.delete<RecordPath>('/orgs/:orgId/:type/:id', async (request, reply) => {
    const org = orgOf(request.params.orgId);
    const records = new RecordWriting(org, null);
    const record = org.records.find(records.typeOf(request.params.type), request.params.id);
    if (record === undefined) throw controlRefusal(404, `Org ${org.orgId} has no ${request.params.type} ${request.params.id}.`);
    records.delete(record);
    return await reply.code(204).send();
  });

  scope.patch<RecordPath>('/orgs/:orgId/:type/:id', async (request) => {
    const org = orgOf(request.params.orgId);
    const records = new RecordWriting(org, null);
    const record = org.records.find(records.typeOf(request.params.type), request.params.id);
    if (record === undefined) throw controlRefusal(404, `Org ${org.orgId} has no ${request.params.type} ${request.params.id}.`);
    records.prepareUpdate(record, read(z.record(z.string(), z.unknown()), request.body, refuse)).run();
    return record.values;
  });
}
