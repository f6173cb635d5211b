import { z } from 'zod';
import { sobjectTypes } from '../salesforce/records/sobject-fields.ts';

const permissionsSchema = z.object({
  apiEnabled: z.boolean(),
  modifyMetadata: z.boolean(),
  customizeApplication: z.boolean(),
  authorApex: z.boolean(),
  modifyAllData: z.boolean(),
  managePermissionSets: z.boolean().default(true),
});

const objectRightsSchema = z.object({
  queryable: z.boolean().default(true),
  createable: z.boolean().default(true),
  updateable: z.boolean().default(true),
  deletable: z.boolean().default(true),
});

/** What can change while the org lives: another edition, other rights of its user. What is left out stays. */
export const salesforceAbilitiesSchema = z.object({
  /** As `Organization.OrganizationType` says it, such as `Professional Edition`. */
  edition: z.string(),
  /** Off: every call is answered API_DISABLED_FOR_ORG. */
  apiEnabled: z.boolean(),
  /** Off: there is no ApexPage among the types. */
  visualforce: z.boolean(),
  /** Off: the edition has no Tooling and Metadata API. */
  metadataApi: z.boolean(),
  /** Off: the edition has no Bulk API. */
  bulkApi: z.boolean(),
  /** Off: the edition has no Change Data Capture. */
  changeDataCapture: z.boolean(),
  /** Off: the day's events are used up. */
  changeEventDelivery: z.boolean(),
  /** The types that an administrator has selected for change events, and no others. */
  changeEventTypes: z.array(z.enum(sobjectTypes)),
  /** Off: no type has our fields. On: an administrator has made all of them and shown them to the user. */
  externalIdFields: z.boolean(),
  permissions: permissionsSchema.partial(),
  /** Rights on types; a type that is not named may be used freely. */
  objectRights: z.partialRecord(z.enum(sobjectTypes), objectRightsSchema),
}).partial();
export type SalesforceAbilitiesInput = z.input<typeof salesforceAbilitiesSchema>;

export const salesforceOrgSchema = z.object({
  kind: z.enum(['production', 'sandbox']).default('production'),
  /** The org's own address: `/salesforce/domains/<myDomain>`. Left out, it is called at `/salesforce`. */
  myDomain: z.string().regex(/^[a-z0-9-]+$/).optional(),
  /** Where the app may send people back to, as whole addresses. Left out: anywhere. */
  redirectUris: z.array(z.url()).optional(),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  dailyApiRequests: z.int().min(0).default(100_000),
  sessionTimeoutSeconds: z.int().positive().default(7_200),
  /** On: each refresh token works once. */
  rotateRefreshTokens: z.boolean().default(false),
  /** Off: several records may have one external id, and an upsert then answers 300. */
  uniqueExternalIds: z.boolean().default(true),
  /** On: a second contact of one address is refused. */
  duplicateRule: z.boolean().default(false),
  queryPageSize: z.int().positive().max(2_000).default(2_000),
  edition: z.string().default('Enterprise Edition'),
  apiEnabled: z.boolean().default(true),
  visualforce: z.boolean().default(true),
  metadataApi: z.boolean().default(true),
  bulkApi: z.boolean().default(true),
  changeDataCapture: z.boolean().default(true),
  changeEventDelivery: z.boolean().default(true),
  /** How long a client that listens waits for events before it is answered. */
  streamTimeoutMs: z.int().min(10).max(110_000).default(110_000),
  externalIdFields: z.boolean().default(true),
  permissions: permissionsSchema.default({ apiEnabled: true, modifyMetadata: true, customizeApplication: true, authorApex: true, modifyAllData: true, managePermissionSets: true }),
  objectRights: salesforceAbilitiesSchema.shape.objectRights.unwrap().default({}),
});
export type SalesforceOrgInput = z.input<typeof salesforceOrgSchema>;

export interface SalesforceOrgCreated {
  orgId: string;
  clientId: string;
  clientSecret: string;
  accessToken: string;
  refreshToken: string;
  instanceUrl: string;
}
