import { z } from 'zod';
import { crmServiceNames, defineEvent } from '../event-definition.ts';
import { failureKindSchema } from '../failure.ts';
import { crmObjectSchema, fieldValueSchema } from '../records/crm-fields.ts';
import { companyStateSchema, contactStateSchema, crmRefSchema } from '../records/crm-state.ts';
import { crmVendorSchema, timestampSchema } from '../records/source.ts';

export const contactChanged = defineEvent({
  type: 'crm.contact.changed.v1',
  description: 'A contact is new or has changed in a CRM, in canonical form as last read.',
  producers: crmServiceNames,
  consumers: ['sync', 'attribution'],
  carries: 'state',
  schema: contactStateSchema,
});

export const companyChanged = defineEvent({
  type: 'crm.company.changed.v1',
  description: 'A company is new or has changed in a CRM, in canonical form as last read.',
  producers: crmServiceNames,
  consumers: ['sync', 'attribution'],
  carries: 'state',
  schema: companyStateSchema,
});

/** Which records of which account a request is about. */
const feedShape = { vendor: crmVendorSchema, connectionId: z.uuid(), object: crmObjectSchema };

/** Said only on the vendor's word, or after a look-up of the record itself; never because a list did not name it. */
export const recordGone = defineEvent({
  type: 'crm.record.gone.v1',
  description: 'A contact, company or deal is no more in a CRM: a person archived it, or it was merged into another one.',
  producers: crmServiceNames,
  consumers: ['orders', 'sync', 'attribution'],
  schema: z.object({
    ...feedShape,
    externalId: z.string().min(1),
    gone: z.enum(['archived', 'merged']),
    /** Where it was merged into another one, that one's id. */
    mergedInto: z.string().min(1).optional(),
    noticedAt: timestampSchema,
  }),
});

export const feedRequested = defineEvent({
  type: 'crm.feed.requested.v1',
  description: 'The changes of a kind of record of an account are to be told from now on, or not any more.',
  producers: ['orders', 'sync', 'shipping'],
  consumers: crmServiceNames,
  schema: z.object({
    ...feedShape,
    /** How often the account is asked what has changed, webhooks or not; absent: not any more. Of several who ask, the most frequent counts. */
    pollEverySeconds: z.int().min(10).max(86_400).optional(),
    /** Who asks; `sync` where it is left out. Each ends its own. */
    follower: z.enum(['orders', 'sync', 'shipping']).optional(),
  }),
});

export const scanRequested = defineEvent({
  type: 'crm.scan.requested.v1',
  description: 'Every record of a kind in an account is to be told once, whether it has changed or not.',
  producers: ['sync'],
  consumers: crmServiceNames,
  schema: z.object({ ...feedShape, scanId: z.uuid() }),
});

/** It may be heard before the request that it takes back. */
export const scanWithdrawn = defineEvent({
  type: 'crm.scan.withdrawn.v1',
  description: 'A complete reading that was asked for is not wanted any more: it ends where it stands.',
  producers: ['sync'],
  consumers: crmServiceNames,
  schema: z.object({ ...feedShape, scanId: z.uuid() }),
});

export const scanEnded = defineEvent({
  type: 'crm.scan.ended.v1',
  description: 'A complete reading of an account came to its end, or broke off.',
  producers: crmServiceNames,
  consumers: ['sync'],
  schema: z.object({
    ...feedShape,
    scanId: z.uuid(),
    outcome: z.enum(['complete', 'broken_off']),
    /** How many different records were told in its course. */
    told: z.int().min(0),
    /** Why it broke off, in a sentence. */
    message: z.string().max(2_000).optional(),
  }),
});

/** Tells a record, or that it is gone, whether it has changed or not. */
export const recordsWanted = defineEvent({
  type: 'crm.records.wanted.v1',
  description: 'These records are to be read again and told.',
  producers: ['orders', 'sync'],
  consumers: crmServiceNames,
  schema: z.object({ ...feedShape, externalIds: z.array(z.string().min(1)).min(1).max(100) }),
});

const requestedActionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('write'),
    target: z.union([
      z.object({ externalId: z.string().min(1) }),
      z.object({
        externalKey: z.string().min(1).max(255),
        /** A record that a person made is taken for it where this canonical field has this value and no record keeps the key. */
        adoptBy: z.object({ field: z.enum(['email', 'domain']), value: z.string().min(1) }).optional(),
      }),
    ]),
    /** Canonical fields and custom ones, by name, in canonical form; null empties. */
    fields: z.record(z.string(), fieldValueSchema),
    associate: z.array(crmRefSchema).optional(),
    dissociate: z.array(crmRefSchema).optional(),
  }),
  z.object({ kind: z.literal('archive'), externalId: z.string().min(1) }),
]);
export type RequestedAction = z.infer<typeof requestedActionSchema>;

export const writeRequested = defineEvent({
  type: 'crm.write.requested.v1',
  description: 'A record is to hold these values in a CRM, or to be archived there.',
  producers: ['sync', 'shipping', 'attribution'],
  consumers: crmServiceNames,
  schema: z.object({
    ...feedShape,
    /** Same request, same id: a repeat is recognised. */
    requestId: z.uuid(),
    /** Requests of one record are carried out in their order. */
    recordKey: z.string().min(1).max(255),
    action: requestedActionSchema,
  }),
});

const writeResultSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('written'),
    externalId: z.string().min(1),
    created: z.boolean(),
    /** When the CRM says the write changed the record, where it tells. */
    modifiedAt: timestampSchema.optional(),
    /** Those of the requested fields that the connection's mapping keeps in the CRM. */
    kept: z.array(z.string()),
    /** Of these, what reading gives back where that is not what was requested: cut off, rounded, or in another spelling. */
    keptAs: z.record(z.string(), fieldValueSchema).optional(),
  }),
  z.object({ outcome: z.literal('archived') }),
  z.object({
    outcome: z.literal('refused'),
    kind: failureKindSchema,
    /** What happened and what to do. */
    message: z.string(),
    /** The CRM's name of the field it complained about. */
    field: z.string().optional(),
  }),
]);
export type WriteResult = z.infer<typeof writeResultSchema>;

export const writeCompleted = defineEvent({
  type: 'crm.write.completed.v1',
  description: 'A CRM answered a request to write or archive a record.',
  producers: crmServiceNames,
  consumers: ['sync'],
  schema: z.object({ ...feedShape, requestId: z.uuid(), recordKey: z.string().min(1).max(255), result: writeResultSchema }),
});
