import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { failureKindSchema } from '../failure.ts';
import { contactFieldsSchema } from '../records/contact.ts';
import { dealFieldsSchema, dealSchema } from '../records/deal.ts';
import { crmVendorSchema, timestampSchema } from '../records/source.ts';

export const crmObjectSchema = z.enum(['contact', 'deal']);
export type CrmObject = z.infer<typeof crmObjectSchema>;

const upsertTargetShape = {
  /** Same request, same id: a repeat is recognised. */
  requestId: z.uuid(),
  vendor: crmVendorSchema,
  connectionId: z.uuid(),
};

/** A contact is keyed by e-mail in the CRM, a deal by our external key, which the CRM keeps in a unique field. */
export const upsertRecordSchema = z.discriminatedUnion('object', [
  z.object({ object: z.literal('contact'), fields: contactFieldsSchema.required({ email: true }) }),
  z.object({
    object: z.literal('deal'),
    externalKey: z.string().min(1).max(255),
    fields: dealFieldsSchema,
    /** Ids at the CRM of the contacts to associate. */
    contactIds: z.array(z.string().min(1)),
  }),
]);
export type UpsertRecord = z.infer<typeof upsertRecordSchema>;

export const crmUpsertRequested = defineEvent({
  type: 'crm.upsert.requested.v1',
  description: 'A service asks that a contact or deal exist in the CRM with these fields.',
  producers: ['orders'],
  consumers: ['crm-hubspot', 'crm-salesforce'],
  schema: z.object({ ...upsertTargetShape, record: upsertRecordSchema }),
});

export const crmUpsertCompleted = defineEvent({
  type: 'crm.upsert.completed.v1',
  description: 'The CRM answered an upsert: done with its id there, or refused with the reason.',
  producers: ['crm-hubspot', 'crm-salesforce'],
  consumers: ['orders'],
  schema: z.object({
    ...upsertTargetShape,
    object: crmObjectSchema,
    result: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('upserted'), crmId: z.string().min(1), created: z.boolean() }),
      z.object({ outcome: z.literal('refused'), kind: failureKindSchema, message: z.string() }),
    ]),
  }),
});

/** A CRM told that something about a record changed; what it is now must be fetched, the CRM is authoritative. */
export const crmRecordTouched = defineEvent({
  type: 'crm.record.touched.v1',
  description: 'A CRM reported by webhook that a record was created, changed, merged or deleted.',
  producers: ['gateway'],
  consumers: ['crm-hubspot', 'crm-salesforce'],
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
  producers: ['crm-hubspot', 'crm-salesforce'],
  consumers: ['attribution', 'orders'],
  carries: 'state',
  schema: dealSchema,
});
