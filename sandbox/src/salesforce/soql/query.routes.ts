import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf, VersionPath } from '../org-session.ts';
import type { Org } from '../orgs.ts';
import { recordAnswer } from '../records/record-writing.ts';
import { malformedQuery, SalesforceRefusal } from '../salesforce-refusals.ts';
import type { SObjectRecord } from '../records/sobject-records.ts';
import { selectOrgFacts } from './org-facts.ts';
import { select, type Selection } from './soql-selection.ts';

const querySchema = z.object({ q: z.string() });
const missingQuery = (): SalesforceRefusal => malformedQuery('A query string has to be specified');

/** SOQL, page by page. The state of the first call is what later pages show. */
export function registerQueryRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  for (const [path, withDeleted] of [
    ['query', false],
    ['queryAll', true],
  ] as const) {
    app.get<VersionPath>(`/services/data/:version/${path}`, async (request) => {
      const org = orgOf(request);
      const { q } = read(querySchema, request.query, missingQuery);
      const facts = selectOrgFacts(org, q, request.params.version);
      if (facts !== undefined) return facts;
      const selection = select(org.records, q, withDeleted);
      if (selection.count) return { totalSize: selection.records.length, done: true, records: [] };
      const kept = selection.records.map((record) => ({ ...record }));
      return pageAnswer(org, selection, kept, request.params.version);
    });
  }

  app.get<{ Params: { version: string; locator: string } }>('/services/data/:version/query/:locator', async (request) => {
    const org = orgOf(request);
    const open = org.openQueries.get(request.params.locator);
    if (open === undefined) throw new SalesforceRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return pageAnswer(org, open.selection, open.rest, request.params.version);
  });
}

function pageAnswer(org: Org, selection: Selection, records: SObjectRecord[], version: string): Record<string, unknown> {
  const size = org.options.queryPageSize;
  const rest = records.slice(size);
  const answer = {
    totalSize: selection.records.length,
    done: rest.length === 0,
    records: records.slice(0, size).map((record) => recordAnswer(record, version, selection.fields)),
  };
  if (rest.length === 0) return answer;
  const locator = `01g${randomUUID().replaceAll('-', '').slice(0, 15)}-${String(size)}`;
  org.openQueries.set(locator, { selection, rest });
  return { ...answer, nextRecordsUrl: `/services/data/${version}/query/${locator}` };
}
