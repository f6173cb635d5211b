import { z } from 'zod';
import { crmServiceNames, defineEvent } from '../event-definition.ts';
import { failureKindSchema } from '../failure.ts';
import { companyFieldsSchema } from '../records/company.ts';
import { contactFieldsSchema } from '../records/contact.ts';
import { dealStateSchema } from '../records/crm-state.ts';
import { dealFieldsSchema } from '../records/deal.ts';
import { dealLineSchema, mostDealLines } from '../records/deal-line.ts';
import { crmVendorSchema, timestampSchema } from '../records/source.ts';

export const upsertObjectSchema = z.enum(['contact', 'deal']);
export type UpsertObject = z.infer<typeof upsertObjectSchema>;

const upsertTargetShape = {
  /** Same request, same id: a repeat is recognised. */
  requestId: z.uuid(),
  vendor: crmVendorSchema,
  connectionId: z.uuid(),
};

/** Of the person that an order is for, in the CRM: found by the e-mail, then by the phone number; one of them is there. */
const contactRecordSchema = z.object({
  object: z.literal('contact'),
  fields: contactFieldsSchema,
  /** The company that a contact who is new belongs to, found by its name. */
  company: companyFieldsSchema.optional(),
});

/** What one request asks for: a contact, a deal, or a deal with its contact, which goes first and is then associated. */
export const requestedRecordSchema = z.discriminatedUnion('object', [
  contactRecordSchema,
  z.object({
    object: z.literal('deal'),
    /** Our key, which the CRM keeps in a unique field. */
    externalKey: z.string().min(1).max(255),
    fields: dealFieldsSchema,
    /** Ids at the CRM of the contacts to associate. */
    contactIds: z.array(z.string().min(1)),
    /** Takes the place of `contactIds` once the CRM has it; where the CRM refuses it, the deal goes without it. */
    contact: contactFieldsSchema.optional(),
    /** The company that the deal is with, which goes before both. */
    company: companyFieldsSchema.optional(),
    /** All lines of the deal, for accounts that keep such; left out, those that it has stay. */
    lines: z.array(dealLineSchema).max(mostDealLines).optional(),
  }),
]);
export type RequestedRecord = z.infer<typeof requestedRecordSchema>;

export const crmUpsertRequested = defineEvent({
  type: 'crm.upsert.requested.v1',
  description: 'A service asks that a contact, a deal, or a deal with its contact exist in the CRM with these fields.',
  producers: ['orders'],
  consumers: crmServiceNames,
  schema: z.object({ ...upsertTargetShape, record: requestedRecordSchema }),
});

const upsertOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('upserted'), crmId: z.string().min(1), created: z.boolean(),
    /** When the CRM says the write changed the record, where it tells. */
    modifiedAt: timestampSchema.optional(),
  }),
  z.object({
    outcome: z.literal('refused'), kind: failureKindSchema, message: z.string(),
    /** The CRM's name of the field it complained about. */
    field: z.string().optional(),
  }),
]);
export type UpsertOutcome = z.infer<typeof upsertOutcomeSchema>;

const linesOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('written'), count: z.int().min(0) }),
  z.object({ outcome: z.literal('refused'), kind: failureKindSchema, message: z.string() }),
]);
export type LinesOutcome = z.infer<typeof linesOutcomeSchema>;

/** A request for two records is answered at once, or record by record where the CRM did not take both. */
export const crmUpsertCompleted = defineEvent({
  type: 'crm.upsert.completed.v1',
  description: 'The CRM answered an upsert: done with its id there, or refused with the reason.',
  producers: crmServiceNames,
  consumers: ['orders'],
  schema: z.object({
    ...upsertTargetShape,
    object: upsertObjectSchema,
    result: upsertOutcomeSchema,
    /** What became of the contact that was asked for with the deal, where this answers both. */
    contact: upsertOutcomeSchema.optional(),
    /** What became of the company that was asked for with them. */
    company: upsertOutcomeSchema.optional(),
    /** What became of the deal's lines; left out where they are as they were, or the account keeps none. */
    lines: linesOutcomeSchema.optional(),
  }),
});

/** A CRM told that something about a record changed; what it is now must be fetched, the CRM is authoritative. */
export const crmRecordTouched = defineEvent({
  type: 'crm.record.touched.v1',
  description: 'A CRM reported by webhook that a record was created, changed, merged or deleted.',
  producers: ['gateway'],
  consumers: crmServiceNames,
  schema: z.object({
    vendor: crmVendorSchema,
    connectionId: z.uuid(),
    object: z.enum(['contact', 'company', 'deal']),
    externalId: z.string().min(1),
    change: z.enum(['created', 'changed', 'deleted', 'merged', 'restored', 'associated']),
    occurredAt: timestampSchema,
  }),
});

export const dealChanged = defineEvent({
  type: 'crm.deal.changed.v1',
  description: 'A deal is new or has changed in a CRM, in canonical form as last fetched.',
  producers: crmServiceNames,
  consumers: ['attribution', 'orders', 'sync', 'shipping'],
  carries: 'state',
  schema: dealStateSchema,
});
