import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { controlRefusal } from '../control/control-refusal.ts';
import { zohoAbilitiesSchema, zohoOrgSchema, type ZohoOrgCreated } from '../control/zoho-control.schema.ts';
import { read } from '../request-bodies.ts';
import { accessTokenLifetimeSeconds, type ZohoGrants } from './accounts/zoho-grants.ts';
import { accountsUrlOf, apiUrlOf } from './data-centres.ts';
import type { ZohoEvents } from './notifications/zoho-events.ts';
import { recordAnswer, RecordWriting, type WriteResult } from './records/record-writing.ts';
import { moduleOf } from './records/records.routes.ts';
import type { Org, ZohoOrgs } from './zoho-orgs.ts';

interface OrgPath {
  Params: { orgId: string };
}
interface ModulePath {
  Params: { orgId: string; module: string };
}
interface RecordPath {
  Params: { orgId: string; module: string; id: string };
}

const everyScope = ['ZohoCRM.modules.ALL', 'ZohoCRM.settings.ALL', 'ZohoCRM.org.ALL', 'ZohoCRM.users.ALL', 'ZohoCRM.coql.READ', 'ZohoCRM.bulk.ALL', 'ZohoFiles.files.ALL', 'ZohoCRM.notifications.ALL'];

/** Organisations to work with, and a person who edits records in Zoho's own pages. */
export function registerZohoControl(scope: FastifyInstance, orgs: ZohoOrgs, grants: ZohoGrants, events: ZohoEvents): void {
  const refuse = (path: string, message: string): ReturnType<typeof controlRefusal> => controlRefusal(400, message, path);
  const orgOf = (orgId: string): Org => {
    const org = orgs.byId.get(orgId);
    if (org === undefined) throw controlRefusal(404, `There is no Zoho organisation ${orgId}.`);
    return org;
  };
  const done = (org: Org, module: string, result: WriteResult, id: unknown): Record<string, unknown> => {
    if (result.status === 'error') throw controlRefusal(400, `${result.code}: ${result.message}`);
    const name = moduleOf(module);
    const record = org.records.find(name, String(id));
    return record === undefined ? {} : recordAnswer(record, org.fields.list(name).map(({ apiName }) => apiName));
  };

  scope.post('/orgs', async (request, reply) => {
    const wanted = read(zohoOrgSchema, request.body ?? {}, refuse);
    const org = orgs.add(
      {
        ...wanted,
        clientId: wanted.clientId ?? `1000.${randomUUID()}`,
        clientSecret: wanted.clientSecret ?? randomUUID(),
        redirectUris: wanted.redirectUris ?? null,
        credits: wanted.credits ?? null,
        concurrency: wanted.concurrency ?? null,
      },
      (changed, change) => {
        events.recordChanged(changed, change);
      },
    );
    const grant = grants.approve(org, wanted.scopes ?? everyScope, { offline: true, consentAgain: true });
    const answer: ZohoOrgCreated = {
      orgId: org.orgId,
      clientId: org.options.clientId,
      clientSecret: org.options.clientSecret,
      accessToken: grants.issueAccessToken(grant),
      refreshToken: grants.issueRefreshToken(grant),
      expiresInSeconds: accessTokenLifetimeSeconds,
      accountsUrl: accountsUrlOf(request, org.options.location),
      apiUrl: apiUrlOf(request, org.options.location),
    };
    return await reply.code(201).send(answer);
  });

  scope.patch<OrgPath>('/orgs/:orgId', async (request, reply) => {
    Object.assign(orgOf(request.params.orgId).options, read(zohoAbilitiesSchema, request.body ?? {}, refuse));
    return await reply.code(204).send();
  });

  scope.get<OrgPath>('/orgs/:orgId/channels', async (request) => ({
    results: [...orgOf(request.params.orgId).channels.values()].map(({ expiresAtMs, ...channel }) => ({ ...channel, expiresAt: new Date(expiresAtMs).toISOString() })),
  }));

  scope.get<ModulePath>('/orgs/:orgId/:module', async (request) => {
    const org = orgOf(request.params.orgId);
    const module = moduleOf(request.params.module);
    const names = org.fields.list(module).map(({ apiName }) => apiName);
    return { results: org.records.list(module).map((record) => recordAnswer(record, names)) };
  });

  scope.post<ModulePath>('/orgs/:orgId/:module', async (request, reply) => {
    const org = orgOf(request.params.orgId);
    const values = read(z.record(z.string(), z.unknown()), request.body, refuse);
    const result = new RecordWriting(org, moduleOf(request.params.module), null).insert(values, 0);
    // As records have that were brought along from elsewhere.
    const imported = org.records.find(moduleOf(request.params.module), String(result.details['id']));
    if (imported && typeof values['Modified_Time'] === 'string') imported.modifiedAtMs = Date.parse(values['Modified_Time']);
    return await reply.code(201).send(done(org, request.params.module, result, result.details['id']));
  });

  scope.patch<RecordPath>('/orgs/:orgId/:module/:id', async (request) => {
    const org = orgOf(request.params.orgId);
    const values = read(z.record(z.string(), z.unknown()), request.body, refuse);
    const result = new RecordWriting(org, moduleOf(request.params.module), null).update(request.params.id, values, 0);
    return done(org, request.params.module, result, request.params.id);
  });

  scope.delete<{ Params: { orgId: string; module: string; name: string } }>('/orgs/:orgId/:module/fields/:name', async (request, reply) => {
    orgOf(request.params.orgId).fields.remove(moduleOf(request.params.module), request.params.name);
    return await reply.code(204).send();
  });

  scope.post<RecordPath>('/orgs/:orgId/:module/:id/merge', async (request, reply) => {
    const org = orgOf(request.params.orgId);
    const { duplicateId } = read(z.object({ duplicateId: z.string() }), request.body, refuse);
    const [kept, duplicate] = [request.params.id, duplicateId].map((id) => org.records.find(moduleOf(request.params.module), id));
    if (kept === undefined || duplicate === undefined) throw controlRefusal(404, 'There are no such two records.');
    org.records.merge(kept, duplicate);
    return await reply.code(204).send();
  });

  scope.put<RecordPath>('/orgs/:orgId/:module/:id/lock', async (request, reply) => {
    const record = orgOf(request.params.orgId).records.find(moduleOf(request.params.module), request.params.id);
    if (record === undefined) throw controlRefusal(404, `There is no record ${request.params.id}.`);
    record.isLocked = read(z.object({ isLocked: z.boolean() }), request.body, refuse).isLocked;
    return await reply.code(204).send();
  });

  scope.delete<RecordPath>('/orgs/:orgId/:module/:id', async (request, reply) => {
    const org = orgOf(request.params.orgId);
    done(org, request.params.module, new RecordWriting(org, moduleOf(request.params.module), null).delete(request.params.id), '');
    return await reply.code(204).send();
  });
}
