import type { IngestJob } from './bulk/ingest-job.ts';
import { CustomFields } from './metadata/custom-fields.ts';
import { PermissionSets } from './metadata/permission-sets.ts';
import { longId } from './records/record-ids.ts';
import type { SObjectType } from './records/sobject-fields.ts';
import { SObjectRecords, type OrgUser, type SObjectRecord } from './records/sobject-records.ts';
import { apiDisabled, requestLimitExceeded } from './salesforce-refusals.ts';
import type { Selection } from './soql/soql-selection.ts';
import { ChangeEvents } from './streaming/change-events.ts';

/** What the org's users may do, as its permission sets name it. */
export interface OrgPermissions {
  apiEnabled: boolean;
  modifyMetadata: boolean;
  customizeApplication: boolean;
  authorApex: boolean;
  modifyAllData: boolean;
  managePermissionSets: boolean;
}

export interface ObjectRights {
  queryable: boolean;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
}

/** What an administrator, or another licence, may change while the org lives. */
export interface OrgAbilities {
  edition: string;
  apiEnabled: boolean;
  visualforce: boolean;
  metadataApi: boolean;
  bulkApi: boolean;
  changeDataCapture: boolean;
  changeEventDelivery: boolean;
  permissions: OrgPermissions;
  objectRights: Partial<Record<SObjectType, ObjectRights>>;
}

export interface OrgOptions extends OrgAbilities {
  kind: 'production' | 'sandbox';
  myDomain: string | null;
  redirectUris: string[] | null;
  clientId: string;
  clientSecret: string;
  dailyApiRequests: number;
  sessionTimeoutSeconds: number;
  rotateRefreshTokens: boolean;
  queryPageSize: number;
  duplicateRule: boolean;
  streamTimeoutMs: number;
}

/** A query of Bulk API 2.0 with what it found. */
export interface BulkQueryJob {
  id: string;
  operation: string;
  object: string;
  createdById: string;
  createdDate: string;
  fields: string[];
  rows: Record<string, unknown>[];
  /** How often somebody asked how far it is. */
  looks: number;
}

export interface Org {
  orgId: string;
  userId: string;
  options: OrgOptions;
  /** Whoever connected the app, a colleague, and one who left. */
  users: OrgUser[];
  records: SObjectRecords;
  customFields: CustomFields;
  permissionSets: PermissionSets;
  changeEvents: ChangeEvents;
  usedRequests: number;
  /** Records that another transaction holds. */
  lockedIds: Set<string>;
  bulkQueries: Map<string, BulkQueryJob>;
  ingestJobs: Map<string, IngestJob>;
  /** Results that have further pages, by their locator. */
  openQueries: Map<string, { selection: Selection; rest: SObjectRecord[] }>;
}

const allRights: ObjectRights = { queryable: true, createable: true, updateable: true, deletable: true };

export const rightsOf = (org: Org, type: SObjectType): ObjectRights => org.options.objectRights[type] ?? allRights;

/** All orgs of the stand-in. */
export class Orgs {
  readonly byId = new Map<string, Org>();
  private lastNumber = 0;

  add(options: OrgOptions): Org {
    this.lastNumber += 1;
    const customFields = new CustomFields();
    const number = String(this.lastNumber).padStart(9, '0');
    const userId = longId(`005ak0${number}`);
    const users = [
      { id: userId, email: 'admin@example.com', isActive: true },
      { id: longId(`005ak1${number}`), email: 'sales@example.com', isActive: true },
      { id: longId(`005ak2${number}`), email: 'left@example.com', isActive: false },
    ];
    const changeEvents = new ChangeEvents(userId);
    const org: Org = {
      orgId: longId(`00Dak0${number}`),
      userId,
      options,
      users,
      records: new SObjectRecords(customFields, users, changeEvents),
      customFields,
      permissionSets: new PermissionSets(customFields),
      changeEvents,
      usedRequests: 0,
      lockedIds: new Set(),
      bulkQueries: new Map(),
      ingestJobs: new Map(),
      openQueries: new Map(),
    };
    this.byId.set(org.orgId, org);
    return org;
  }

  clear(): void {
    this.byId.clear();
  }
}

/** Counts a call; throws 403 where the edition or the day's limit does not allow it. */
export function countCall(org: Org): void {
  if (!org.options.apiEnabled || !org.options.permissions.apiEnabled) throw apiDisabled();
  if (org.usedRequests >= org.options.dailyApiRequests) throw requestLimitExceeded();
  org.usedRequests += 1;
}
