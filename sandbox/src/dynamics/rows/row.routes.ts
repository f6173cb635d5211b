import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WriteJournal } from '../../write-journal.ts';
import { badRequest, exists, noSuchKeyRow, noSuchRow, versionMismatch } from '../dynamics-refusals.ts';
import type { EnvironmentOf } from '../environment-session.ts';
import type { Environment } from '../environments.ts';
import { requirePrivilege } from './metadata.routes.ts';
import { apiPath, contextOf, etagOf, rowAnswer, selectOf } from './row-answer.ts';
import { listAnswer } from './row-list.ts';
import { readInput } from './row-input.ts';
import type { Row } from './rows.ts';
import type { Table } from './tables.ts';

interface SegmentPath {
  /** `contacts`, or `contacts(<id>)`, or `contacts(column='value')`. */
  Params: { segment: string };
  Querystring: Record<string, unknown>;
}

/** Tables and their rows, by id or by an alternate key: listed, read, made, changed, upserted, deleted. */
export function registerRowRoutes(app: FastifyInstance, environmentOf: EnvironmentOf, writes: WriteJournal): void {
  const path = `${apiPath}/:segment`;
  const count = (environment: Environment, row: Row, kind: Parameters<WriteJournal['count']>[3]): void => {
    writes.count(environment.orgId, row.table.entitySet, row.id, kind);
  };

  app.get<SegmentPath>(path, async (request) => {
    const environment = environmentOf(request);
    if (!request.params.segment.includes('(')) {
      return listAnswer(environment, environment.rows.tableOf(request.params.segment), request.query, String(request.headers.prefer ?? ''));
    }
    const { row } = target(environment, request.params.segment);
    if (row === undefined) throw notThere(environment, request.params.segment);
    const select = selectOf(request.query);
    return { '@odata.context': contextOf(environment, row.table, select, '/$entity'), ...rowAnswer(row, select) };
  });

  app.post<SegmentPath>(path, async (request, reply) => {
    const environment = environmentOf(request);
    const table = environment.rows.tableOf(request.params.segment);
    requirePrivilege(environment, `prvCreate${table.logicalName}`);
    const { [table.primaryKey]: id, ...values } = readInput(environment.rows, table, request.body);
    if (typeof id === 'string' && environment.rows.find(table, id) !== undefined) throw exists();
    const row = environment.rows.create(table, values, ...(typeof id === 'string' ? [id] : []));
    count(environment, row, 'created');
    return await answerWrite(request, reply, { environment, row, created: true });
  });

  /** Without a condition it makes the row where there is none; `If-Match: *` only changes, `If-None-Match: *` only makes. */
  app.patch<SegmentPath>(path, async (request, reply) => {
    const environment = environmentOf(request);
    const { table, row: present, id, key } = target(environment, request.params.segment);
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    const { [table.primaryKey]: _own, ...values } = readInput(environment.rows, table, request.body);
    if (present === undefined) {
      if (ifMatch !== undefined) throw notThere(environment, request.params.segment);
      requirePrivilege(environment, `prvCreate${table.logicalName}`);
      const row = environment.rows.create(table, { ...values, ...key }, ...(id === undefined ? [] : [id]));
      count(environment, row, 'created');
      return await answerWrite(request, reply, { environment, row, created: true });
    }
    if (ifNoneMatch === '*') throw exists();
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(present)) throw versionMismatch();
    count(environment, present, environment.rows.update(present, values) ? 'updated' : 'unchanged');
    return await answerWrite(request, reply, { environment, row: present, created: false });
  });

  app.delete<SegmentPath>(path, async (request, reply) => {
    const environment = environmentOf(request);
    const { row } = target(environment, request.params.segment);
    if (row === undefined) throw notThere(environment, request.params.segment);
    environment.rows.delete(row);
    count(environment, row, 'deleted');
    return await reply.code(204).send();
  });
}

interface Target {
  table: Table;
  row: Row | undefined;
  id: string | undefined;
  key: Record<string, string>;
}

function target(environment: Environment, segment: string): Target {
  const [, entitySet = '', key = ''] = /^(\w+)\((.*)\)$/s.exec(segment) ?? [];
  const table = environment.rows.tableOf(entitySet);
  if (/^[0-9a-f-]{36}$/i.test(key)) return { table, row: environment.rows.find(table, key), id: key, key: {} };
  const parts = [...key.matchAll(/(\w+)='((?:[^']|'')*)'/g)].map(([, name = '', value = '']) => [name, value.replaceAll("''", "'")] as const);
  if (parts.length === 0) throw badRequest(`Bad Request - Error in query syntax: ${key}`);
  const named = Object.fromEntries(parts);
  return { table, row: environment.rows.findByKey(table, named), id: undefined, key: named };
}

function notThere(environment: Environment, segment: string): Error {
  const [, entitySet = '', key = ''] = /^(\w+)\((.*)\)$/s.exec(segment) ?? [];
  const { logicalName } = environment.rows.tableOf(entitySet);
  return key.includes('=') ? noSuchKeyRow(logicalName) : noSuchRow(logicalName, key);
}

/** 204 with the row's address, or, asked for, the row: 201 where it was made, 200 where it was there. */
async function answerWrite(
  request: FastifyRequest<SegmentPath>, reply: FastifyReply, { environment, row, created }: { environment: Environment; row: Row; created: boolean },
): Promise<FastifyReply> {
  const address = `${environment.url}${apiPath}/${row.table.entitySet}(${row.id})`;
  reply.headers({ 'odata-version': '4.0', 'odata-entityid': address });
  if (!/return=representation/.test(String(request.headers.prefer ?? ''))) return await reply.code(204).send();
  const select = selectOf(request.query);
  const body = { '@odata.context': contextOf(environment, row.table, select, '/$entity'), ...rowAnswer(row, select) };
  return await reply.code(created ? 201 : 200).header('preference-applied', 'return=representation').send(body);
}
