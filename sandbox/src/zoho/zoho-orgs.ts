import { RateWindow } from '../rate-window.ts';
import type { BulkReadJob } from './bulk/bulk-read.routes.ts';
import type { BulkWriteJob } from './bulk/bulk-write.routes.ts';
import type { Channel } from './notifications/channels.ts';
import type { Location } from './data-centres.ts';
import { ModuleFields } from './records/module-fields.ts';
import { OrgRecords, type RecordChange } from './records/org-records.ts';
import type { ModuleName } from './records/module-fields.ts';

export interface ModuleRights {
  viewable: boolean;
  creatable: boolean;
  editable: boolean;
  deletable: boolean;
}

/** What an administrator, or another edition, may change while the organisation lives. */
export interface OrgAbilities {
  /** As `license_details.paid_type` says it. */
  edition: 'free' | 'standard' | 'professional' | 'enterprise' | 'ultimate';
  mayMakeFields: boolean;
  moduleRights: Partial<Record<ModuleName, ModuleRights>>;
}

export interface OrgOptions extends OrgAbilities {
  location: Location;
  clientId: string;
  clientSecret: string;
  redirectUris: string[] | null;
  currency: string;
  /** Of an organisation that has several, its own among them; none where it has one only. */
  currencies: string[];
  users: number;
  /** Credits in any 24 hours; null: counted, none refused. */
  credits: number | null;
  /** Calls under way at once; null: none refused. */
  concurrency: number | null;
  /** Records in one page of a bulk read. */
  bulkReadPageSize: number;
}

export interface Org {
  /** `zgid`: the organisation's unchanging number. */
  orgId: string;
  options: OrgOptions;
  fields: ModuleFields;
  records: OrgRecords;
  channels: Map<string, Channel>;
  bulkReads: Map<string, BulkReadJob>;
  bulkWrites: Map<string, BulkWriteJob>;
  /** Files that were brought, unpacked, by their ids. */
  uploads: Map<string, string>;
  credits: RateWindow;
  callsUnderWay: number;
}

const dayMs = 86_400_000;
const allRights: ModuleRights = { viewable: true, creatable: true, editable: true, deletable: true };

export const rightsOf = (org: Org, module: ModuleName): ModuleRights => org.options.moduleRights[module] ?? allRights;

/** All organisations of all data centres. */
export class ZohoOrgs {
  readonly byId = new Map<string, Org>();
  private lastNumber = 0;

  add(options: OrgOptions, changed: (org: Org, change: RecordChange) => void): Org {
    this.lastNumber += 1;
    const fields = new ModuleFields(options.currencies);
    const org: Org = {
      orgId: String(60_000_000_000 + this.lastNumber),
      options,
      fields,
      records: new OrgRecords(fields, this.lastNumber, (change) => {
        changed(org, change);
      }),
      channels: new Map(),
      bulkReads: new Map(),
      bulkWrites: new Map(),
      uploads: new Map(),
      credits: new RateWindow({ max: options.credits ?? Number.MAX_SAFE_INTEGER, intervalMs: dayMs }),
      callsUnderWay: 0,
    };
    this.byId.set(org.orgId, org);
    return org;
  }

  clear(): void {
    this.byId.clear();
  }
}
