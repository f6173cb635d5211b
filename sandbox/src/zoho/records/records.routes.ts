import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import type { ModulePath, OrgOf, RecordPath } from '../org-session.ts';
import type { Org } from '../zoho-orgs.ts';
import { invalidBody, invalidModule, missingParameter } from '../zoho-refusals.ts';
import { moduleNameOf, type ModuleName } from './module-fields.ts';
import { recordAnswer, RecordWriting, type WriteResult } from './record-writing.ts';

/** At most 100 records in one call. */
const dataSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())).min(1).max(100) });
const upsertSchema = dataSchema.extend({ duplicate_check_fields: z.array(z.string()).optional() });
const idsSchema = z.object({ ids: z.string().transform((text) => text.split(',')) });

export const base = '/crm/v8/:module';

/** The module of an address; throws Zoho's 400. */
export function moduleOf(name: string): ModuleName {
  const module = moduleNameOf(name);
  if (module === undefined) throw invalidModule();
  return module;
}

/** Writing and reading records by id: each record of a call has its own result. */
export function registerRecordRoutes(app: FastifyInstance, orgOf: OrgOf, journal: WriteJournal): void {
  const writing = (org: Org, module: ModuleName): RecordWriting => new RecordWriting(org, module, journal);

  app.post<ModulePath>(base, async (request, reply) => {
    const records = writing(orgOf(request), moduleOf(request.params.module));
    records.require('creatable');
    const { data } = read(dataSchema, request.body, invalidBody);
    return await answer(reply, data.map((input, index) => records.insert(input, index)), 201);
  });

  app.put<ModulePath>(base, async (request, reply) => {
    const records = writing(orgOf(request), moduleOf(request.params.module));
    records.require('editable');
    const { data } = read(dataSchema, request.body, invalidBody);
    return await answer(reply, data.map((input, index) => records.update(String(input['id']), input, index)), 200);
  });

  app.put<RecordPath>(`${base}/:id`, async (request, reply) => {
    const records = writing(orgOf(request), moduleOf(request.params.module));
    records.require('editable');
    const { data: [input = {}] } = read(dataSchema, request.body, invalidBody);
    return await answer(reply, [records.update(request.params.id, input, 0)], 200);
  });

  app.post<ModulePath>(`${base}/upsert`, async (request, reply) => {
    const org = orgOf(request);
    const module = moduleOf(request.params.module);
    const records = writing(org, module);
    records.require('creatable');
    records.require('editable');
    const { data, duplicate_check_fields: wanted } = read(upsertSchema, request.body, invalidBody);
    const fields = checkFields(org, module, wanted);
    return await answer(reply, data.map((input, index) => records.upsert(input, index, fields)), 200);
  });

  app.delete<ModulePath>(base, async (request, reply) => {
    const records = writing(orgOf(request), moduleOf(request.params.module));
    records.require('deletable');
    const { ids } = read(idsSchema, request.query, missingParameter);
    return await answer(reply, ids.map((id) => records.delete(id)), 200);
  });

  app.delete<RecordPath>(`${base}/:id`, async (request, reply) => {
    const records = writing(orgOf(request), moduleOf(request.params.module));
    records.require('deletable');
    return await answer(reply, [records.delete(request.params.id)], 200);
  });

  app.get<RecordPath>(`${base}/:id`, async (request, reply) => {
    const org = orgOf(request);
    const module = moduleOf(request.params.module);
    writing(org, module).require('viewable');
    const record = org.records.find(module, request.params.id);
    if (record === undefined) return await reply.code(204).send();
    return { data: [recordAnswer(record, org.fields.list(module).map(({ apiName }) => apiName))] };
  });
}

/** Only unique fields may be named; without a choice Zoho takes its own first, then those of the organisation. */
function checkFields(org: Org, module: ModuleName, wanted: string[] | undefined): string[] {
  const fields = org.fields.list(module);
  const usable = [...fields.filter(({ isSystemDuplicateCheck }) => isSystemDuplicateCheck), ...fields.filter(({ isUnique }) => isUnique)].map(({ apiName }) => apiName);
  const stranger = wanted?.find((name) => !usable.includes(name));
  if (stranger !== undefined) throw invalidBody('duplicate_check_fields', `${stranger} is no unique field`);
  return wanted ?? usable;
}

/** Every record refused: 400; some: 207; none: the status that is usual. */
async function answer(reply: FastifyReply, data: WriteResult[], status: number): Promise<FastifyReply> {
  const refused = data.filter((result) => result.status === 'error').length;
  return await reply.code(refused === 0 ? status : refused === data.length ? 400 : 207).send({ data });
}
