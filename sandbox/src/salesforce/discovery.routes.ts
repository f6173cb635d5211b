import type { FastifyInstance } from 'fastify';
import { apiVersions, type OrgOf, type TypePath, type VersionPath } from './org-session.ts';
import { rightsOf, type Org } from './orgs.ts';
import { mayDeploy, requireMetadataApi } from './metadata/metadata.routes.ts';
import { noSuchResource } from './salesforce-refusals.ts';
import { idPrefixes, sobjectTypeOf, sobjectTypes, type SObjectField, type SObjectType } from './records/sobject-fields.ts';

/** Needs no session. */
export function registerVersionRoute(app: FastifyInstance): void {
  app.get('/services/data', async () =>
    apiVersions.map((number) => ({
      label: `API ${String(number)}`,
      url: `/services/data/v${String(number)}.0`,
      version: `${String(number)}.0`,
    })),
  );
}

/** What an org offers: resources, what is left of its limits, and its types with their fields. */
export function registerDiscoveryRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.get<VersionPath>('/services/data/:version', async (request) => {
    const base = `/services/data/${request.params.version}`;
    return { sobjects: `${base}/sobjects`, query: `${base}/query`, queryAll: `${base}/queryAll`, limits: `${base}/limits`, composite: `${base}/composite` };
  });

  app.get<VersionPath>('/services/data/:version/limits', async (request) => {
    const { options, usedRequests } = orgOf(request);
    const untouched = (max: number): { Max: number; Remaining: number } => ({ Max: max, Remaining: max });
    return {
      DailyApiRequests: { Max: options.dailyApiRequests, Remaining: Math.max(0, options.dailyApiRequests - usedRequests) },
      DailyBulkApiBatches: untouched(15_000),
      DailyBulkV2QueryJobs: untouched(10_000),
      DataStorageMB: untouched(1_024),
    };
  });

  app.get<VersionPath>('/services/data/:version/sobjects', async (request) => {
    const org = orgOf(request);
    const base = `/services/data/${request.params.version}`;
    const sobjects = sobjectTypes.filter((type) => rightsOf(org, type).queryable).map((type) => typeAnswer(org, type, base));
    return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: [...sobjects, ...(org.options.visualforce ? [visualforcePage] : [])] };
  });

  app.get<VersionPath>('/services/data/:version/tooling/sobjects', async (request) => {
    const org = orgOf(request);
    requireMetadataApi(org);
    const isAllowed = mayDeploy(org);
    return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: ['ApexClass', 'ApexPage', 'CustomField', 'CustomObject'].map((name) => ({ name, createable: isAllowed, updateable: isAllowed })) };
  });

  app.get<TypePath>('/services/data/:version/sobjects/:type/describe', async (request) => {
    const org = orgOf(request);
    const type = sobjectTypeOf(request.params.type);
    if (type === undefined || !rightsOf(org, type).queryable) throw noSuchResource();
    const answer = typeAnswer(org, type, `/services/data/${request.params.version}`);
    return { ...answer, fields: [...org.records.fields(type).values()].map(fieldAnswer), childRelationships: [], recordTypeInfos: [] };
  });
}

const visualforcePage = { name: 'ApexPage', label: 'Visualforce Page', custom: false, createable: true, updateable: true, deletable: true, queryable: true };

const typeAnswer = (org: Org, type: SObjectType, base: string): Record<string, unknown> => ({
  name: type,
  label: type,
  labelPlural: type.endsWith('y') ? `${type.slice(0, -1)}ies` : `${type}s`,
  keyPrefix: idPrefixes[type],
  custom: false,
  ...rightsOf(org, type),
  urls: { sobject: `${base}/sobjects/${type}`, describe: `${base}/sobjects/${type}/describe`, rowTemplate: `${base}/sobjects/${type}/{ID}` },
});

const fieldAnswer = ({ picklist, restrictedPicklist, ...field }: SObjectField): Record<string, unknown> => ({
  ...field,
  idLookup: field.externalId || field.type === 'id',
  filterable: true,
  sortable: true,
  caseSensitive: false,
  defaultedOnCreate: !field.createable || field.name === 'OwnerId',
  calculated: false,
  restrictedPicklist,
  picklistValues: picklist.map((value) => ({ active: true, defaultValue: false, label: value, validFor: null, value })),
});
