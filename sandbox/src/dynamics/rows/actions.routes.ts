import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { badRequest, dataverseRefusal, noSuchRow } from '../dynamics-refusals.ts';
import type { EnvironmentOf } from '../environment-session.ts';
import { apiPath } from './row-answer.ts';

const closeSchema = z.object({
  Status: z.int(),
  OpportunityClose: z.object({
    'opportunityid@odata.bind': z.string(),
    subject: z.string().optional(),
    actualend: z.string().optional(),
    actualrevenue: z.number().optional(),
  }).loose(),
});

const mergeSchema = z.object({
  Target: z.object({ '@odata.type': z.string() }).loose(), Subordinate: z.object({ '@odata.type': z.string() }).loose(), PerformParentingChecks: z.boolean(),
}).loose();

/** Actions that are not bound to a row: closing an opportunity and merging rows are some of them, and `WhoAmI` tells whose the token is. */
export function registerActionRoutes(app: FastifyInstance, environmentOf: EnvironmentOf, writes: WriteJournal): void {
  app.get(`${apiPath}/WhoAmI`, async (request) => {
    const { orgId, userId, url } = environmentOf(request);
    return { '@odata.context': `${url}${apiPath}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`, BusinessUnitId: orgId, UserId: userId, OrganizationId: orgId };
  });

  for (const [action, state] of [['WinOpportunity', 1], ['LoseOpportunity', 2]] as const) {
    app.post(`${apiPath}/${action}`, async (request, reply) => {
      const environment = environmentOf(request);
      const { OpportunityClose: close, Status: status } = read(closeSchema, request.body, (path, message) => badRequest(`${path}: ${message}`));
      const id = /\(([0-9a-f-]{36})\)$/i.exec(close['opportunityid@odata.bind'])?.[1] ?? '';
      const row = environment.rows.find(environment.rows.tableOf('opportunities'), id);
      if (row === undefined) throw noSuchRow('opportunity', id);
      if (row.values['statecode'] !== 0) throw dataverseRefusal(400, '0x80041102', 'This opportunity has already been closed.');
      environment.rows.update(row, {
        statecode: state, statuscode: status === -1 ? state + 2 : status,
        actualclosedate: (close.actualend ?? new Date().toISOString()).slice(0, 10),
        actualvalue: close.actualrevenue ?? (state === 1 ? row.values['estimatedvalue'] ?? 0 : 0),
      }, state === 1 ? 'Win' : 'Lose');
      writes.count(environment.orgId, 'opportunities', row.id, 'updated');
      return await reply.code(204).send();
    });
  }

  app.post(`${apiPath}/Merge`, async (request, reply) => {
    const { rows, orgId } = environmentOf(request);
    const { Target, Subordinate } = read(mergeSchema, request.body, (path, message) => badRequest(`${path}: ${message}`));
    const [winner, loser] = [Target, Subordinate].map(({ '@odata.type': type, ...keys }) => {
      const table = rows.tables.find(({ logicalName }) => type === `Microsoft.Dynamics.CRM.${logicalName}`);
      if (table === undefined || (table.logicalName !== 'account' && table.logicalName !== 'contact')) throw badRequest(`Rows of ${type} cannot be merged.`);
      const row = rows.find(table, String(keys[table.primaryKey]));
      if (row === undefined) throw noSuchRow(table.logicalName, String(keys[table.primaryKey]));
      return row;
    });
    if (winner === undefined || loser === undefined || winner.table !== loser.table) throw badRequest('Only rows of one table can be merged.');
    rows.merge(winner, loser);
    for (const { id, table } of [winner, loser]) writes.count(orgId, table.entitySet, id, 'updated');
    return await reply.code(204).send();
  });
}
