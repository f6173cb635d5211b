import { randomInt, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { controlRefusal } from '../control/control-refusal.ts';
import {
  hubSpotImportSchema,
  hubSpotMergeSchema,
  hubSpotPortalSchema,
  hubSpotRecordSchema,
  type HubSpotPortalCreated,
} from '../control/hubspot-control.schema.ts';
import { read } from '../request-bodies.ts';
import { objectTypeOf } from './crm/crm-object-types.ts';
import type { Actor } from './crm/crm-records.ts';
import { accessTokenLifetimeSeconds, type HubSpotAccounts, type HubSpotApp, type Portal } from './hubspot-accounts.ts';
import { defaultSubscriptions, type HubSpotEvents } from './hubspot-events.ts';
import { newPropertySchema } from './properties/properties.routes.ts';
import { fullRecordAnswer } from './crm/record-answer.ts';
import { RecordWriting } from './crm/record-writing.ts';
import { knownScopes } from './scopes.ts';

const person: Actor = { changeSource: 'CRM_UI', sourceId: 'userId:1' };

interface TypePath {
  Params: { portalId: string; type: string };
}
interface RecordPath {
  Params: { portalId: string; type: string; id: string };
}

/** Portals to work with, and a person who edits records in HubSpot's own pages. */
export function registerHubSpotControl(scope: FastifyInstance, accounts: HubSpotAccounts, events: HubSpotEvents): void {
  const portalOf = (portalId: string): Portal => {
    const portal = accounts.portals.get(Number(portalId));
    if (portal === undefined) throw controlRefusal(404, `There is no HubSpot portal ${portalId}.`);
    return portal;
  };
  const byPerson = (portal: Portal): RecordWriting => new RecordWriting(portal, person, null);

  scope.post('/portals', async (request, reply) => {
    const wanted = read(hubSpotPortalSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    const portalId = wanted.portalId ?? randomInt(10_000_000, 99_999_999);
    if (accounts.portals.has(portalId)) throw controlRefusal(409, `HubSpot portal ${String(portalId)} exists already.`);
    const app = appOf(accounts, wanted);
    const portal = accounts.addPortal({
      portalId,
      app,
      rateLimit: wanted.rateLimit ?? null,
      searchDelayMs: wanted.searchDelayMs,
      hasRenewals: wanted.hasRenewals,
      recordChanged: (changed, change) => {
        events.recordChanged(changed, change);
      },
      associationChanged: (changed, from, to, removed) => {
        events.associationChanged(changed, from, to, removed);
      },
    });
    const grant = accounts.install(portal, wanted.scopes ?? knownScopes);
    const answer: HubSpotPortalCreated = {
      portalId,
      appId: app.appId,
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      accessToken: accounts.issueAccessToken(grant),
      refreshToken: grant.refreshToken,
      expiresInSeconds: accessTokenLifetimeSeconds,
    };
    return await reply.code(201).send(answer);
  });

  scope.post<TypePath>('/portals/:portalId/properties/:type', async (request, reply) => {
    const property = read(newPropertySchema, request.body, (path, message) => controlRefusal(400, message, path));
    const { definitions } = portalOf(request.params.portalId);
    return await reply.code(201).send(definitions.add(objectTypeOf(request.params.type), property, new Date().toISOString()));
  });

  scope.delete<RecordPath>('/portals/:portalId/properties/:type/:id', async (request, reply) => {
    const { portalId, type, id: name } = request.params;
    portalOf(portalId).definitions.remove(objectTypeOf(type), name);
    return await reply.code(204).send();
  });

  scope.get<TypePath>('/portals/:portalId/:type', async (request) => {
    const portal = portalOf(request.params.portalId);
    return {
      results: portal.records.list(objectTypeOf(request.params.type)).map((record) => fullRecordAnswer(portal, record)),
    };
  });

  scope.post<TypePath>('/portals/:portalId/:type', async (request, reply) => {
    const portal = portalOf(request.params.portalId);
    const wanted = read(hubSpotRecordSchema, request.body, (path, message) => controlRefusal(400, message, path));
    const { record } = byPerson(portal).prepareCreate(objectTypeOf(request.params.type), wanted).run();
    return await reply.code(201).send(fullRecordAnswer(portal, record));
  });

  scope.patch<RecordPath>('/portals/:portalId/:type/:id', async (request) => {
    const portal = portalOf(request.params.portalId);
    const wanted = read(hubSpotRecordSchema, request.body, (path, message) => controlRefusal(400, message, path));
    const records = byPerson(portal);
    const record = records.get(objectTypeOf(request.params.type), request.params.id);
    return fullRecordAnswer(portal, records.prepareUpdate(record, wanted.properties).run().record);
  });

  scope.post<TypePath>('/portals/:portalId/:type/import', async (request, reply) => {
    const portal = portalOf(request.params.portalId);
    const { records: rows, changedAt } = read(hubSpotImportSchema, request.body, (path, message) => controlRefusal(400, message, path));
    const atMs = changedAt === undefined ? Date.now() : Date.parse(changedAt);
    const records = byPerson(portal).import(objectTypeOf(request.params.type), rows.map(({ properties }) => properties), atMs);
    return await reply.code(201).send({ ids: records.map(({ id }) => id) });
  });

  scope.post<TypePath>('/portals/:portalId/:type/merge', async (request) => {
    const portal = portalOf(request.params.portalId);
    const { primaryId, secondaryId } = read(hubSpotMergeSchema, request.body, (path, message) => controlRefusal(400, message, path));
    return fullRecordAnswer(portal, byPerson(portal).merge(objectTypeOf(request.params.type), primaryId, secondaryId));
  });

  scope.post<RecordPath & { Params: { toType: string; toId: string } }>('/portals/:portalId/:type/:id/associations/:toType/:toId', async (request, reply) => {
    const { portalId, type, id, toType, toId } = request.params;
    const portal = portalOf(portalId);
    const records = byPerson(portal);
    const [from, to] = [records.get(objectTypeOf(type), id), records.get(objectTypeOf(toType), toId)];
    if (portal.associations.associate(from, to)) portal.associationChanged(from, to, false);
    return await reply.code(204).send();
  });

  scope.get<RecordPath & { Params: { toType: string } }>('/portals/:portalId/:type/:id/associations/:toType', async (request) => {
    const { portalId, type, id, toType } = request.params;
    return { ids: portalOf(portalId).associations.of({ type: objectTypeOf(type), id }, objectTypeOf(toType)).map((end) => end.id) };
  });

  scope.delete<RecordPath>('/portals/:portalId/:type/:id', async (request, reply) => {
    byPerson(portalOf(request.params.portalId)).archive(objectTypeOf(request.params.type), request.params.id);
    return await reply.code(204).send();
  });
}

/** The app of that client id; a second portal of the same app shares its address and secret. */
function appOf(
  accounts: HubSpotAccounts,
  wanted: {
    clientId?: string | undefined;
    clientSecret?: string | undefined;
    webhookTargetUrl?: string | undefined;
    subscriptions?: HubSpotApp['subscriptions'] | undefined;
    redirectUris?: string[] | undefined;
  },
): HubSpotApp {
  const clientId = wanted.clientId ?? randomUUID();
  const app: HubSpotApp = accounts.apps.get(clientId) ?? {
    appId: randomInt(1_000_000, 9_999_999),
    clientId,
    clientSecret: wanted.clientSecret ?? randomUUID(),
    webhookTargetUrl: null,
    subscriptions: defaultSubscriptions,
    redirectUris: null,
  };
  if (wanted.clientSecret !== undefined && wanted.clientSecret !== app.clientSecret) {
    throw controlRefusal(409, `HubSpot app ${clientId} exists already with another client secret.`);
  }
  app.webhookTargetUrl = wanted.webhookTargetUrl ?? app.webhookTargetUrl;
  app.subscriptions = wanted.subscriptions ?? app.subscriptions;
  app.redirectUris = wanted.redirectUris ?? app.redirectUris;
  accounts.apps.set(clientId, app);
  return app;
}
