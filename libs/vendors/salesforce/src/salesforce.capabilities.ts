import type { Connection } from '@crossdock/connections';
import type { Capability, CapabilityReport } from '@crossdock/contracts';
import { capabilityReport, sendAuthorised } from '@crossdock/crm-connector';
import type { VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { SalesforceApiOptions } from './salesforce.api.ts';
import { salesforceErrorCode, salesforceFailure } from './salesforce.errors.ts';
import { salesforceLimits, salesforceRateLimits } from './salesforce.limits.ts';
import { externalKeyField } from './salesforce.mapping.ts';
import { inList } from './salesforce.query.ts';

export interface SalesforceProbe extends SalesforceApiOptions {
  readonly connection: Connection;
  /** The organisation's own address. */
  readonly instanceUrl: string;
  readonly signal: AbortSignal;
}

const consequences = {
  api: 'Salesforce closes its interface to this user: the edition has none, or the user lacks the permission "API Enabled". Nothing works until an administrator of the organisation changes that.',
  read_records: 'The connected user may not see accounts, contacts, opportunities or contact roles: nothing of this organisation can be followed. An administrator gives the user these objects.',
  write_records: 'The connected user may not create and edit accounts, contacts, opportunities and contact roles: orders do not reach Salesforce.',
  create_fields: 'The connected user may not add fields and show them to itself (Modify Metadata or Customize Application, and Manage Profiles and Permission Sets): an administrator creates the fields of Crossdock by hand.',
  key_field: `Until Account, Contact and Opportunity have the external id field ${externalKeyField}, unique and visible to the connected user, nothing can be written, as it would not be found again.`,
  custom_objects: 'The organisation takes no objects of Crossdock: what has no standard object stays in Crossdock.',
  embedded_pages: 'The organisation shows no Visualforce pages: people look at Crossdock’s part in Crossdock itself.',
} as const;

const writtenTypes = ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole'] as const;
const keyedTypes = ['Account', 'Contact', 'Opportunity'] as const;

const describeGlobalSchema = z.object({
  sobjects: z.array(z.object({
    name: z.string(), queryable: z.boolean().default(false), createable: z.boolean().default(false), updateable: z.boolean().default(false),
  })),
});
const describeSchema = z.object({ fields: z.array(z.object({ name: z.string(), externalId: z.boolean() })) });
const organisationSchema = z.object({ records: z.array(z.object({ OrganizationType: z.string().nullish() })) });
const userSchema = z.object({ user_id: z.string().regex(/^005\w{12}(\w{3})?$/) });
const permissionsSchema = z.object({
  records: z.array(z.object({
    PermissionSet: z.object({
      PermissionsModifyMetadata: z.boolean().default(false), PermissionsCustomizeApplication: z.boolean().default(false),
      PermissionsManageProfilesPermissionsets: z.boolean().default(false),
    }),
  })),
});
const toolingSchema = z.object({ sobjects: z.array(z.object({ name: z.string() })) });

/**
 * What the organisation lets the connected user do, asked of it and not read off its edition, of which only the name is
 * reported. What is refused on the way counts as not allowed.
 * Sources: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm,
 * …/resources_describeGlobal.htm and …/resources_sobject_describe.htm; the objects PermissionSetAssignment and Organization.
 */
export async function probeSalesforce(probe: SalesforceProbe): Promise<CapabilityReport> {
  if (!await isApiOpen(probe)) return capabilityReport([capability('api', false)]);
  const edition = (await ask(probe, organisationSchema, query('SELECT OrganizationType FROM Organization LIMIT 1')))?.records[0]?.OrganizationType;
  const types = new Map((await ask(probe, describeGlobalSchema, 'sobjects'))?.sobjects.map((type) => [type.name, type]));
  const all = (right: 'queryable' | 'createable' | 'updateable'): boolean => writtenTypes.every((name) => types.get(name)?.[right] === true);
  const tooling = new Set((await ask(probe, toolingSchema, 'tooling/sobjects'))?.sobjects.map(({ name }) => name));
  const mayDeploy = tooling.has('CustomField') && await mayChangeOrganisation(probe);
  return capabilityReport([
    capability('api', true),
    capability('read_records', all('queryable')),
    capability('write_records', all('createable') && all('updateable')),
    capability('create_fields', mayDeploy),
    capability('key_field', await hasKeyFields(probe)),
    capability('custom_objects', mayDeploy && tooling.has('CustomObject')),
    capability('embedded_pages', types.has('ApexPage')),
  ], edition ?? undefined);
}

function capability(name: keyof typeof consequences, available: boolean): Capability {
  return { name, available, consequence: consequences[name] };
}

/** The limits cost a call and are refused by a code of their own where there is no interface; another refusal says only that they are not shown. */
async function isApiOpen(probe: SalesforceProbe): Promise<boolean> {
  const response = await send(probe, `services/data/v${salesforceLimits.apiVersion}/limits`);
  if (response.status === 200) return true;
  if (response.status === 403) {
    const code = salesforceErrorCode(response.text());
    if (code === 'API_DISABLED_FOR_ORG' || code === 'API_CURRENTLY_DISABLED') return false;
    if (code !== 'REQUEST_LIMIT_EXCEEDED') return true;
  }
  throw failureOf(response);
}

async function mayChangeOrganisation(probe: SalesforceProbe): Promise<boolean> {
  const user = await ask(probe, userSchema, '/services/oauth2/userinfo');
  if (user === undefined) return false;
  const soql = `SELECT PermissionSet.PermissionsModifyMetadata, PermissionSet.PermissionsCustomizeApplication, PermissionSet.PermissionsManageProfilesPermissionsets FROM PermissionSetAssignment WHERE AssigneeId IN ${inList([user.user_id])}`;
  const granted = await ask(probe, permissionsSchema, query(soql));
  const sets = granted?.records.map(({ PermissionSet: set }) => set) ?? [];
  return sets.some((set) => set.PermissionsModifyMetadata || set.PermissionsCustomizeApplication)
    && sets.some((set) => set.PermissionsManageProfilesPermissionsets);
}

async function hasKeyFields(probe: SalesforceProbe): Promise<boolean> {
  for (const type of keyedTypes) {
    const description = await ask(probe, describeSchema, `sobjects/${type}/describe`);
    if (!description?.fields.some(({ name, externalId }) => name === externalKeyField && externalId)) return false;
  }
  return true;
}

function query(soql: string): string {
  return `query?${new URLSearchParams({ q: soql }).toString()}`;
}

/** @param resource below the version's address, or with a slash below the organisation's. @returns undefined where it refuses to say. @throws Failure where it gave no answer. */
async function ask<Schema extends z.ZodType>(probe: SalesforceProbe, schema: Schema, resource: string): Promise<z.infer<Schema> | undefined> {
  const path = resource.startsWith('/') ? resource.slice(1) : `services/data/v${salesforceLimits.apiVersion}/${resource}`;
  const response = await send(probe, path);
  if (response.status === 200) return schema.parse(JSON.parse(response.text()));
  if ([400, 403, 404].includes(response.status) && salesforceErrorCode(response.text()) !== 'REQUEST_LIMIT_EXCEEDED') return undefined;
  throw failureOf(response);
}

function send(probe: SalesforceProbe, path: string): Promise<VendorResponse> {
  const { connection, signal, instanceUrl } = probe;
  return sendAuthorised(probe, { connection, signal, operation }, {
    method: 'GET', url: `${instanceUrl}/${path}`, headers: { accept: 'application/json' }, timeoutMs: salesforceLimits.timeoutMs, idempotent: true,
    limits: salesforceRateLimits,
  });
}

const operation = 'capabilities.probe';

function failureOf(response: VendorResponse): Error {
  return salesforceFailure({ operation, status: response.status, body: response.text() });
}
