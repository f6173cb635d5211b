import { createHash } from 'node:crypto';
import { contactFieldsSchema, fieldValueSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

const customNameSchema = z.string().regex(/^[a-z][A-Za-z0-9_]{0,62}$/, 'must begin with a small letter, and have letters, digits and _ only')
  .refine((name) => !(name in contactFieldsSchema.shape), 'is a field of every contact: give it under fields');

/** The body of `POST /v1/leads`. */
export const leadSchema = z.strictObject({
  /** The sync of contacts that it goes into; may be left out where the tenant has one. */
  syncId: z.uuid().optional(),
  fields: contactFieldsSchema.required({ email: true }).extend({ lifecycleStage: contactFieldsSchema.shape.lifecycleStage.default('lead') }).strict(),
  /** Fields of the tenant's own, by the names that the mappings give them. */
  custom: z.record(customNameSchema, fieldValueSchema.refine((value) => value !== null, 'must not be empty: leave the field out')).default({}),
  /** Names of fields that are to hold the given values even where they hold others; elsewhere only what is empty is filled. */
  overwrite: z.array(z.string().max(63)).max(100).default([]),
  /** What brought the person, such as `form` or `fair`: attribution counts the lead as a touch of this channel. */
  channel: z.string().trim().min(1).max(100).toLowerCase().default('lead'),
  campaign: z.string().min(1).max(255).optional(),
  /** Lets the lifecycle stage go back. */
  moveBack: z.boolean().default(false),
}).superRefine(({ fields, custom, overwrite }, context) => {
  for (const [index, name] of overwrite.entries()) {
    if (!(name in fields) && !(name in custom)) context.addIssue({ code: 'custom', path: ['overwrite', index], message: `names ${name}, of which the lead says nothing` });
  }
});
export type Lead = z.infer<typeof leadSchema>;

/** Chosen by the caller, one a lead: visible ASCII, at most 255 characters. */
export const leadKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** What became of a lead. */
export const takenLeadSchema = z.object({
  id: z.uuid(),
  syncId: z.uuid(),
  contactId: z.uuid().describe('The golden record of the person.'),
  outcome: z.enum(['created', 'updated', 'unchanged']),
  changed: z.array(z.string()).readonly().describe('Names of the fields that changed.'),
  receivedAt: timestampSchema.describe('ISO 8601 in UTC with milliseconds.'),
}).meta({ id: 'Lead' });
export type TakenLead = z.infer<typeof takenLeadSchema>;

/** Tells whether two leads are the same, and holds none of what they say. */
export function leadHash({ fields, custom, ...rest }: Lead): string {
  const sorted = (values: Readonly<Record<string, unknown>>) => Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([rest, sorted(fields), sorted(custom)])).digest('hex');
}
