import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import { definedOnly } from './defined-only.ts';
import type { RecordFields } from './record-fields.ts';
import { timeNow, type ChangeSource, type RecordChange } from './record-change.ts';
import { changedFields, RecordTable } from './record-table.ts';

const addressSchema = z.strictObject({
  value: z.string(), country: z.string(), admin_area_level_1: z.string(), admin_area_level_2: z.string(), locality: z.string(), sublocality: z.string(),
  route: z.string(), street_number: z.string(), subpremise: z.string(), postal_code: z.string(),
}).partial();

const organizationInputSchema = z.strictObject({
  name: z.string().min(1).max(255),
  owner_id: z.int(),
  visible_to: z.int(),
  label_ids: z.array(z.int()),
  address: addressSchema,
  website: z.string().nullable(),
  linkedin: z.string().nullable(),
  industry: z.int().nullable(),
  annual_revenue: z.int().nullable(),
  employee_count: z.int().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
}).partial();

export interface Organization {
  id: number;
  name: string;
  owner_id: number;
  org_id: number;
  add_time: string;
  update_time: string;
  address: z.output<typeof addressSchema> | null;
  is_deleted: boolean;
  visible_to: number;
  label_ids: number[];
  website: string | null;
  linkedin: string | null;
  industry: number | null;
  annual_revenue: number | null;
  employee_count: number | null;
  custom_fields: Record<string, unknown>;
}

export interface OrganizationRecordsOptions {
  userId: number;
  searchDelayMs: number;
  fields: RecordFields;
  changed: (change: RecordChange) => void;
}

/** The organisations of one company; several may have one name. */
export class OrganizationRecords {
  readonly table: RecordTable<Organization>;
  private readonly options: OrganizationRecordsOptions;

  constructor(options: OrganizationRecordsOptions) {
    this.options = options;
    this.table = new RecordTable('Organization', options.searchDelayMs);
  }

  create(input: unknown, source: ChangeSource): Organization {
    const wanted = this.checked(read(organizationInputSchema.extend({ name: z.string().min(1).max(255) }), input, schemaFault));
    const [now, id] = [timeNow(), this.table.nextId()];
    const organization: Organization = {
      id, org_id: id, owner_id: this.options.userId, add_time: now, update_time: now, address: null, is_deleted: false, visible_to: 3, label_ids: [],
      website: null, linkedin: null, industry: null, annual_revenue: null, employee_count: null, custom_fields: {}, ...definedOnly(wanted), name: wanted.name,
    };
    this.table.put(organization);
    this.options.changed({ entity: 'organization', action: 'create', record: organization, source, previous: null });
    return organization;
  }

  /** Answers the organisation and whether anything is another now. */
  update(id: number, input: unknown, source: ChangeSource): { organization: Organization; changed: boolean } {
    const before = this.table.get(id);
    const { custom_fields: custom, ...wanted } = this.checked(read(organizationInputSchema, input, schemaFault));
    const after: Organization = { ...before, ...definedOnly(wanted), custom_fields: { ...before.custom_fields, ...custom } };
    const previous = changedFields(before, after);
    if (Object.keys(previous).length === 0) return { organization: before, changed: false };
    after.update_time = timeNow();
    this.table.put(after);
    this.options.changed({ entity: 'organization', action: 'change', record: after, source, previous });
    return { organization: after, changed: true };
  }

  delete(id: number, source: ChangeSource): void {
    const before = this.table.get(id);
    const after = { ...before, is_deleted: true, update_time: timeNow() };
    this.table.put(after);
    this.options.changed({ entity: 'organization', action: 'delete', record: after, source, previous: { ...before } });
  }

  private checked<Input extends { custom_fields?: Record<string, unknown> | undefined }>(wanted: Input): Input {
    if (wanted.custom_fields !== undefined) this.options.fields.check(wanted.custom_fields);
    return wanted;
  }
}
