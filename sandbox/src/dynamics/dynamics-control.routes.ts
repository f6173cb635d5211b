import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { controlRefusal } from '../control/control-refusal.ts';
import { dynamicsAbilitiesSchema, dynamicsEnvironmentSchema, type DynamicsEnvironmentCreated } from '../control/dynamics-control.schema.ts';
import { read } from '../request-bodies.ts';
import { accessTokenLifetimeSeconds } from './entra/entra-tokens.ts';
import type { Environment, Environments } from './environments.ts';
import { rowAnswer } from './rows/row-answer.ts';
import { readInput } from './rows/row-input.ts';
import type { Row } from './rows/rows.ts';

interface SetPath {
  Params: { orgId: string; entitySet: string };
}
interface RowPath {
  Params: SetPath['Params'] & { id: string };
}

/** Environments to work with, and a person who works in Dynamics' own pages. */
export function registerDynamicsControl(scope: FastifyInstance, environments: Environments): void {
  const environmentOf = (orgId: string): Environment => {
    const environment = environments.byOrg.get(orgId);
    if (environment === undefined) throw controlRefusal(404, `There is no Dynamics environment ${orgId}.`);
    return environment;
  };
  const rowOf = ({ orgId, entitySet, id }: RowPath['Params']): { environment: Environment; row: Row } => {
    const environment = environmentOf(orgId);
    const row = environment.rows.find(environment.rows.tableOf(entitySet), id);
    if (row === undefined) throw controlRefusal(404, `Environment ${orgId} has no row ${id} in ${entitySet}.`);
    return { environment, row };
  };

  scope.post('/environments', async (request, reply) => {
    const wanted = read(dynamicsEnvironmentSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    const environment = environments.add(`${request.protocol}://${request.host}/dynamics`, wanted);
    environment.webhooks.push(...wanted.webhooks);
    const { tokens } = environments;
    const clientId = wanted.clientId ?? randomUUID();
    const app = tokens.apps.get(clientId) ?? { clientId, clientSecret: wanted.clientSecret ?? randomUUID(), redirectUri: wanted.redirectUri ?? null };
    const ownApp = { clientId: randomUUID(), clientSecret: randomUUID(), redirectUri: null };
    for (const known of [app, ownApp]) {
      tokens.apps.set(known.clientId, known);
      environment.apps.add(known.clientId);
    }
    const grant = { environment, app };
    const answer: DynamicsEnvironmentCreated = {
      orgId: environment.orgId, tenantId: environment.tenantId, userId: environment.userId, environmentUrl: environment.url, clientId, clientSecret: app.clientSecret,
      ownClientId: ownApp.clientId, ownClientSecret: ownApp.clientSecret,
      accessToken: tokens.issueAccessToken(grant), refreshToken: tokens.issueRefreshToken(grant), expiresInSeconds: accessTokenLifetimeSeconds,
    };
    return await reply.code(201).send(answer);
  });

  scope.patch<{ Params: { orgId: string } }>('/environments/:orgId', async (request, reply) => {
    const { options } = environmentOf(request.params.orgId);
    const wanted = read(dynamicsAbilitiesSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    options.hasApplicationUser = wanted.hasApplicationUser ?? options.hasApplicationUser;
    options.withheldPrivileges = wanted.withheldPrivileges ?? options.withheldPrivileges;
    return await reply.code(204).send();
  });

  scope.delete<{ Params: { orgId: string; table: string; column: string } }>('/environments/:orgId/columns/:table/:column', async (request, reply) => {
    const { orgId, table: logicalName, column } = request.params;
    const table = environmentOf(orgId).rows.tables.find((known) => known.logicalName === logicalName);
    if (table?.columns[column] === undefined) throw controlRefusal(404, `Environment ${orgId} has no column ${column} in ${logicalName}.`);
    table.columns = Object.fromEntries(Object.entries(table.columns).filter(([name]) => name !== column));
    return await reply.code(204).send();
  });

  scope.get<SetPath>('/environments/:orgId/:entitySet', async (request) => {
    const { rows } = environmentOf(request.params.orgId);
    return { results: rows.list(rows.tableOf(request.params.entitySet)).map((row) => rowAnswer(row, undefined)) };
  });

  scope.post<SetPath>('/environments/:orgId/:entitySet', async (request, reply) => {
    const { rows } = environmentOf(request.params.orgId);
    const table = rows.tableOf(request.params.entitySet);
    return await reply.code(201).send(rowAnswer(rows.create(table, readInput(rows, table, request.body)), undefined));
  });

  scope.patch<RowPath>('/environments/:orgId/:entitySet/:id', async (request) => {
    const { environment, row } = rowOf(request.params);
    environment.rows.update(row, readInput(environment.rows, row.table, request.body));
    return rowAnswer(row, undefined);
  });

  scope.post<RowPath & { Params: { loserId: string } }>('/environments/:orgId/:entitySet/:id/merge/:loserId', async (request, reply) => {
    const { environment, row } = rowOf(request.params);
    environment.rows.merge(row, rowOf({ ...request.params, id: request.params.loserId }).row);
    return await reply.code(204).send();
  });

  scope.post<{ Params: { orgId: string } }>('/environments/:orgId/forget-changes', async (request, reply) => {
    environmentOf(request.params.orgId).rows.forgetChanges();
    return await reply.code(204).send();
  });

  scope.delete<RowPath>('/environments/:orgId/:entitySet/:id', async (request, reply) => {
    const { environment, row } = rowOf(request.params);
    environment.rows.delete(row);
    return await reply.code(204).send();
  });
}
