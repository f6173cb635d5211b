import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { pipedriveRefusal, schemaFault } from '../pipedrive-refusals.ts';
import { definedOnly } from './defined-only.ts';
import type { OrganizationRecords } from './organization-records.ts';
import type { RecordFields } from './record-fields.ts';
import { timeNow, type ChangeSource, type RecordChange } from './record-change.ts';
import { changedFields, RecordTable } from './record-table.ts';

const contactValueSchema = z.strictObject({ value: z.string(), primary: z.boolean().default(false), label: z.string().default('work') });
export type ContactValue = z.output<typeof contactValueSchema>;

/** What may be written of a person; anything else is refused, as version 2 does. */
const personInputSchema = z.strictObject({
  name: z.string().min(1).max(255),
  owner_id: z.int(),
  org_id: z.int().nullable(),
  emails: z.array(contactValueSchema),
  phones: z.array(contactValueSchema),
  visible_to: z.int(),
  label_ids: z.array(z.int()),
  custom_fields: z.record(z.string(), z.unknown()),
}).partial();

export interface Person {
  id: number;
  name: string;
  first_name: string;
  last_name: string | null;
  owner_id: number;
  org_id: number | null;
  add_time: string;
  update_time: string;
  emails: ContactValue[];
  phones: ContactValue[];
  is_deleted: boolean;
  visible_to: number;
  label_ids: number[];
  picture_id: number | null;
  custom_fields: Record<string, unknown>;
}

export interface PersonRecordsOptions {
  userId: number;
  searchDelayMs: number;
  organizations: OrganizationRecords;
  fields: RecordFields;
  changed: (change: RecordChange) => void;
}

/** The persons of one company. Pipedrive takes any text for an address and keeps several of one address. */
export class PersonRecords {
  readonly table: RecordTable<Person>;
  private readonly options: PersonRecordsOptions;

  constructor(options: PersonRecordsOptions) {
    this.options = options;
    this.table = new RecordTable('Person', options.searchDelayMs);
  }

  create(input: unknown, source: ChangeSource): Person {
    const wanted = this.checked(read(personInputSchema.extend({ name: z.string().min(1).max(255) }), input, schemaFault));
    const now = timeNow();
    const person: Person = {
      id: this.table.nextId(), owner_id: this.options.userId, org_id: null, add_time: now, update_time: now, emails: [], phones: [],
      is_deleted: false, visible_to: 3, label_ids: [], picture_id: null, custom_fields: {}, ...given(wanted), ...nameParts(wanted.name),
    };
    this.table.put(person);
    this.options.changed({ entity: 'person', action: 'create', record: person, source, previous: null });
    return person;
  }

  /** Answers the person and whether anything is another now. Lists of addresses are replaced whole. */
  update(id: number, input: unknown, source: ChangeSource): { person: Person; changed: boolean } {
    const before = this.table.get(id);
    const { custom_fields: custom, ...wanted } = this.checked(read(personInputSchema, input, schemaFault));
    const after: Person = { ...before, ...given(wanted), custom_fields: { ...before.custom_fields, ...custom }, ...(wanted.name === undefined ? {} : nameParts(wanted.name)) };
    const previous = changedFields(before, after);
    if (Object.keys(previous).length === 0) return { person: before, changed: false };
    after.update_time = timeNow();
    this.table.put(after);
    this.options.changed({ entity: 'person', action: 'change', record: after, source, previous });
    return { person: after, changed: true };
  }

  delete(id: number, source: ChangeSource): void {
    const before = this.table.get(id);
    const after = { ...before, is_deleted: true, update_time: timeNow() };
    this.table.put(after);
    this.options.changed({ entity: 'person', action: 'delete', record: after, source, previous: { ...before } });
  }

  /** What the kept person lacks comes from the other, which is deleted; a webhook tells where it went, a list does not. */
  merge(keptId: number, otherId: number): void {
    const [kept, other] = [this.table.get(keptId), this.table.get(otherId)];
    const now = timeNow();
    const gone = { ...other, is_deleted: true, update_time: now };
    this.table.put(gone);
    this.options.changed({ entity: 'person', action: 'delete', record: gone, source: 'app', previous: { ...other }, mergedInto: keptId });
    const after: Person = { ...kept, emails: withPrimary([...kept.emails, ...other.emails.map((email) => ({ ...email, primary: false }))]), update_time: now };
    this.table.put(after);
    this.options.changed({ entity: 'person', action: 'change', record: after, source: 'app', previous: changedFields(kept, after) });
  }

  private checked<Input extends z.output<typeof personInputSchema>>(wanted: Input): Input {
    if (wanted.custom_fields !== undefined) this.options.fields.check(wanted.custom_fields);
    if (!this.options.organizations.table.has(wanted.org_id)) throw pipedriveRefusal(400, 'Organization not found.', { code: 'ERR_ORGANIZATION_NOT_FOUND' });
    return wanted;
  }
}

function nameParts(name: string): Pick<Person, 'name' | 'first_name' | 'last_name'> {
  const [first = '', ...rest] = name.split(' ');
  return { name, first_name: first, last_name: rest.length === 0 ? null : rest.join(' ') };
}

/** The fields that were really given; the first address is the main one where none is marked. */
function given(wanted: z.output<typeof personInputSchema>): Partial<Person> {
  const { name: _name, emails, phones, ...rest } = wanted;
  return { ...definedOnly(rest), ...(emails && { emails: withPrimary(emails) }), ...(phones && { phones: withPrimary(phones) }) };
}

function withPrimary(values: ContactValue[]): ContactValue[] {
  return values.some(({ primary }) => primary) ? values : values.map((value, index) => ({ ...value, primary: index === 0 }));
}
