import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { ModulePath, OrgOf } from '../org-session.ts';
import { rightsOf, type Org } from '../zoho-orgs.ts';
import { invalidBody, missingParameter, noPermission, pageTokenExpired, pageTooDeep } from '../zoho-refusals.ts';
import type { ModuleName } from './module-fields.ts';
import { zohoTime, type ZohoRecord } from './org-records.ts';
import { recordAnswer } from './record-writing.ts';
import { base, moduleOf } from './records.routes.ts';

const listSchema = z.object({
  fields: z.string().transform((text) => text.split(',')),
  ids: z.string().transform((text) => text.split(',')).optional(),
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(200),
  page_token: z.string().optional(),
  sort_by: z.enum(['id', 'Created_Time', 'Modified_Time']).default('id'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
});
const deletedSchema = z.object({
  type: z.enum(['all', 'recycle', 'permanent']).default('all'),
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(200),
});
const searchSchema = z.object({ email: z.string().optional(), phone: z.string().optional(), fields: z.string().optional(), criteria: z.string().optional() });

const discreteLimit = 2_000;
const pageTokenLifetimeMs = 86_400_000;

interface OpenList {
  org: Org;
  records: ZohoRecord[];
  offset: number;
  expiresAtMs: number;
}

/** Lists of records: all of a module page by page, those deleted, and those with one value. Nothing found is 204. */
export function registerRecordListRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  const openLists = new Map<string, OpenList>();

  app.get<ModulePath>(`${base}/actions/count`, async (request) => {
    const org = orgOf(request);
    return { count: org.records.list(viewable(org, request.params.module)).length };
  });

  app.get<ModulePath>(base, async (request, reply) => {
    const org = orgOf(request);
    const module = viewable(org, request.params.module);
    const query = read(listSchema, request.query, (path, message) => (path === 'fields' ? missingParameter(path) : invalidBody(path, message)));
    const since = modifiedSince(request.headers['if-modified-since']);
    const open = query.page_token === undefined ? undefined : openLists.get(query.page_token);
    if (query.page_token !== undefined && (open === undefined || open.org !== org || open.expiresAtMs <= Date.now())) throw pageTokenExpired();
    const offset = open?.offset ?? (query.page - 1) * query.per_page;
    if (open === undefined && offset + query.per_page > discreteLimit) throw pageTooDeep();
    const records = open?.records ?? sorted(org.records.list(module), query.sort_by, query.sort_order)
      .filter((record) => query.ids === undefined || query.ids.includes(record.id))
      .filter((record) => since === undefined || record.modifiedAtMs >= since);
    const page = records.slice(offset, offset + query.per_page);
    if (page.length === 0) return await reply.code(since === undefined ? 204 : 304).send();
    const next = offset + page.length < records.length ? randomBytes(24).toString('hex') : null;
    const expiresAtMs = Date.now() + pageTokenLifetimeMs;
    if (next !== null) openLists.set(next, { org, records, offset: offset + page.length, expiresAtMs });
    return {
      data: page.map((record) => recordAnswer(record, query.fields)),
      info: {
        per_page: query.per_page, count: page.length, page: Math.floor(offset / query.per_page) + 1, sort_by: query.sort_by, sort_order: query.sort_order,
        more_records: next !== null, next_page_token: next, previous_page_token: null, page_token_expiry: next === null ? null : zohoTime(expiresAtMs),
      },
    };
  });

  app.get<ModulePath>(`${base}/deleted`, async (request, reply) => {
    const org = orgOf(request);
    const module = viewable(org, request.params.module);
    const { type, page, per_page: perPage } = read(deletedSchema, request.query, invalidBody);
    const since = modifiedSince(request.headers['if-modified-since']);
    const found = org.records.listDeleted(module).filter(({ deletedAtMs }) => since === undefined || (deletedAtMs ?? 0) >= since);
    const records = type === 'permanent' ? [] : found.slice((page - 1) * perPage, page * perPage);
    if (records.length === 0) return await reply.code(since === undefined ? 204 : 304).send();
    return {
      data: records.map((record) => ({ id: record.id, display_name: org.records.nameOf(record), type: 'recycle', deleted_time: zohoTime(record.deletedAtMs ?? 0) })),
      info: { per_page: perPage, count: records.length, page, more_records: page * perPage < found.length },
    };
  });

  app.get<ModulePath>(`${base}/search`, async (request, reply) => {
    const org = orgOf(request);
    const module = viewable(org, request.params.module);
    const query = read(searchSchema, request.query, invalidBody);
    const [, criterion = '', wanted = ''] = /^\((\w+):equals:(.+)\)$/.exec(query.criteria ?? '') ?? [];
    const [name, value] = query.email !== undefined ? ['Email', query.email] : query.phone !== undefined ? ['Phone', query.phone] : [criterion, wanted];
    if (name === '') throw missingParameter('criteria');
    const records = org.records.findByField(module, name, value);
    if (records.length === 0) return await reply.code(204).send();
    const fields = query.fields?.split(',') ?? org.fields.list(module).map(({ apiName }) => apiName);
    return { data: records.slice(0, 200).map((record) => recordAnswer(record, fields)), info: { per_page: 200, count: records.length, page: 1, more_records: false } };
  });
}

function viewable(org: Org, name: string): ModuleName {
  const module = moduleOf(name);
  if (!rightsOf(org, module).viewable) throw noPermission(`Crm_Implied_View_${module}`);
  return module;
}

function modifiedSince(header: string | undefined): number | undefined {
  const atMs = Date.parse(header ?? '');
  return Number.isNaN(atMs) ? undefined : atMs;
}

function sorted(records: ZohoRecord[], by: 'id' | 'Created_Time' | 'Modified_Time', order: 'asc' | 'desc'): ZohoRecord[] {
  const keyOf = (record: ZohoRecord): number => (by === 'Modified_Time' ? record.modifiedAtMs : by === 'Created_Time' ? record.createdAtMs : 0);
  const sign = order === 'asc' ? 1 : -1;
  return records.toSorted((a, b) => sign * (keyOf(a) - keyOf(b) || (a.id < b.id ? -1 : 1)));
}
