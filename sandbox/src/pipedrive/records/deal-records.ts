import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { hasCurrency } from '../currency.routes.ts';
import { pipedriveRefusal, schemaFault } from '../pipedrive-refusals.ts';
import { definedOnly } from './defined-only.ts';
import type { OrganizationRecords } from './organization-records.ts';
import type { PersonRecords } from './person-records.ts';
import type { RecordFields } from './record-fields.ts';
import { timeNow, toTime, type ChangeSource, type RecordChange } from './record-change.ts';
import { changedFields, RecordTable } from './record-table.ts';

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is not a valid datetime').transform((text) => toTime(new Date(text)));

const dealInputSchema = z.strictObject({
  title: z.string().min(1).max(255),
  owner_id: z.int(),
  person_id: z.int().nullable(),
  org_id: z.int().nullable(),
  value: z.number(),
  /** What Pipedrive says to another one stands in no document; the stand-in refuses it. */
  currency: z.string().refine(hasCurrency, 'is not one of the company'),
  stage_id: z.int(),
  pipeline_id: z.int(),
  status: z.enum(['open', 'won', 'lost']),
  is_archived: z.boolean(),
  won_time: time,
  lost_time: time,
  close_time: time.nullable(),
  lost_reason: z.string().max(150).nullable(),
  expected_close_date: z.iso.date(),
  visible_to: z.int(),
  custom_fields: z.record(z.string(), z.unknown()),
}).partial();
type DealInput = z.output<typeof dealInputSchema>;

export interface Deal {
  id: number;
  title: string;
  creator_user_id: number;
  owner_id: number;
  value: number;
  person_id: number | null;
  org_id: number | null;
  stage_id: number;
  pipeline_id: number;
  currency: string;
  archive_time: string | null;
  add_time: string;
  update_time: string;
  stage_change_time: string | null;
  status: 'open' | 'won' | 'lost' | 'deleted';
  is_archived: boolean;
  is_deleted: boolean;
  probability: number | null;
  lost_reason: string | null;
  visible_to: number;
  close_time: string | null;
  won_time: string | null;
  lost_time: string | null;
  expected_close_date: string | null;
  label_ids: number[];
  origin: string;
  origin_id: string | null;
  custom_fields: Record<string, unknown>;
}

export interface DealRecordsOptions {
  userId: number;
  searchDelayMs: number;
  defaultCurrency: string;
  persons: PersonRecords;
  organizations: OrganizationRecords;
  fields: RecordFields;
  changed: (change: RecordChange) => void;
}

/** The deals of one company and who has a part in each. */
export class DealRecords {
  readonly table: RecordTable<Deal>;
  private readonly options: DealRecordsOptions;
  private readonly participants = new Map<number, { id: number; personId: number }[]>();
  private lastParticipantId = 0;

  constructor(options: DealRecordsOptions) {
    this.options = options;
    this.table = new RecordTable('Deal', options.searchDelayMs);
  }

  create(input: unknown, source: ChangeSource): Deal {
    const wanted = this.checked(read(dealInputSchema.extend({ title: z.string().min(1).max(255) }), input, schemaFault));
    const now = timeNow();
    const blank: Deal = {
      id: this.table.nextId(), title: wanted.title, creator_user_id: this.options.userId, owner_id: this.options.userId, value: 0,
      person_id: null, org_id: null, stage_id: 1, pipeline_id: 1, currency: this.options.defaultCurrency, archive_time: null, add_time: now,
      update_time: now, stage_change_time: null, status: 'open', is_archived: false, is_deleted: false, probability: null, lost_reason: null,
      visible_to: 3, close_time: null, won_time: null, lost_time: null, expected_close_date: null, label_ids: [], origin: 'API',
      origin_id: null, custom_fields: {},
    };
    const deal = decided(blank, wanted, now);
    this.table.put(deal);
    if (deal.person_id !== null) this.join(deal.id, deal.person_id);
    this.options.changed({ entity: 'deal', action: 'create', record: deal, source, previous: null });
    return deal;
  }

  update(id: number, input: unknown, source: ChangeSource): { deal: Deal; changed: boolean } {
    const before = this.table.get(id);
    const wanted = this.checked(read(dealInputSchema, input, schemaFault));
    const now = timeNow();
    const after = decided(before, wanted, now);
    const previous = changedFields(before, after);
    if (Object.keys(previous).length === 0) return { deal: before, changed: false };
    after.update_time = now;
    this.table.put(after);
    if (after.person_id !== null) this.join(id, after.person_id);
    else if (before.person_id !== null) this.leave(id, ({ personId }) => personId === before.person_id);
    this.options.changed({ entity: 'deal', action: 'change', record: after, source, previous });
    return { deal: after, changed: true };
  }

  delete(id: number, source: ChangeSource): void {
    const before = this.table.get(id);
    const after: Deal = { ...before, is_deleted: true, status: 'deleted', update_time: timeNow() };
    this.table.put(after);
    this.options.changed({ entity: 'deal', action: 'delete', record: after, source, previous: { ...before } });
  }

  participantsOf(dealId: number): { id: number; personId: number }[] {
    this.table.get(dealId);
    return this.participants.get(dealId) ?? [];
  }

  /** Gives a person a part in a deal; one that has it keeps it. */
  addParticipant(dealId: number, personId: number): { id: number; personId: number } {
    this.table.get(dealId);
    this.options.persons.table.get(personId);
    return this.join(dealId, personId);
  }

  /** Throws Pipedrive's 404 where nobody has that part. The contact person's goes with the link to him. */
  removeParticipant(dealId: number, participantId: number): void {
    const participant = this.participantsOf(dealId).find(({ id }) => id === participantId);
    if (participant === undefined) throw pipedriveRefusal(404, 'Participant not found');
    this.leave(dealId, ({ id }) => id === participantId);
    const deal = this.table.get(dealId);
    if (deal.person_id === participant.personId) this.table.put({ ...deal, person_id: null });
  }

  private leave(dealId: number, isMeant: (participant: { id: number; personId: number }) => boolean): void {
    this.participants.set(dealId, (this.participants.get(dealId) ?? []).filter((participant) => !isMeant(participant)));
  }

  private join(dealId: number, personId: number): { id: number; personId: number } {
    const present = this.participants.get(dealId) ?? [];
    const known = present.find((participant) => participant.personId === personId);
    if (known !== undefined) return known;
    this.lastParticipantId += 1;
    const participant = { id: this.lastParticipantId, personId };
    this.participants.set(dealId, [...present, participant]);
    return participant;
  }

  private checked<Input extends DealInput>(wanted: Input): Input {
    const { persons, organizations, fields } = this.options;
    if (wanted.custom_fields !== undefined) fields.check(wanted.custom_fields);
    if (!persons.table.has(wanted.person_id)) throw pipedriveRefusal(400, 'Person not found.', { code: 'ERR_PERSON_NOT_FOUND' });
    if (!organizations.table.has(wanted.org_id)) throw pipedriveRefusal(400, 'Organization not found.', { code: 'ERR_ORGANIZATION_NOT_FOUND' });
    return wanted;
  }
}

/** The deal with what is wanted, and the times that follow from its status. */
function decided(before: Deal, wanted: DealInput, now: string): Deal {
  const status = wanted.status ?? before.status;
  if (wanted.won_time !== undefined && status !== 'won') throw schemaFault('won_time', 'can only be set if deal status is won');
  if (wanted.lost_time !== undefined && status !== 'lost') throw schemaFault('lost_time', 'can only be set if deal status is lost');
  const { custom_fields: custom, ...rest } = wanted;
  const after: Deal = { ...before, ...definedOnly(rest), custom_fields: { ...before.custom_fields, ...custom } };
  after.won_time = status === 'won' ? (wanted.won_time ?? before.won_time ?? now) : null;
  after.lost_time = status === 'lost' ? (wanted.lost_time ?? before.lost_time ?? now) : null;
  after.close_time = wanted.close_time ?? after.won_time ?? after.lost_time;
  after.archive_time = after.is_archived ? (before.archive_time ?? now) : null;
  if (after.stage_id !== before.stage_id) after.stage_change_time = now;
  return after;
}
