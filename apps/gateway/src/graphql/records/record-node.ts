import { companyFieldsSchema, contactFieldsSchema, crmObjectSchema, dealFieldsSchema, fieldValueSchema, timestampSchema, type CrmObject } from '@crossdock/contracts';
import { z } from 'zod';

const canonicalFields = { contact: contactFieldsSchema, company: companyFieldsSchema, deal: dealFieldsSchema } as const;

/** A golden record as its service shows it, turned into what the graph has of it: canonical fields by their names, the others together. */
export const recordNodeSchema = z.object({
  id: z.uuid(),
  object: crmObjectSchema,
  fields: z.record(z.string(), fieldValueSchema),
  associations: z.array(z.uuid()),
  updatedAt: timestampSchema,
  accounts: z.array(z.object({ connectionId: z.uuid(), externalId: z.string().optional(), state: z.string() })),
}).transform(({ fields, ...record }) => {
  const shape: Readonly<Record<string, z.ZodType>> = canonicalFields[record.object].shape;
  // What an account holds need not be canonical: such a value is shown as none.
  const canonical = Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.safeParse(fields[name]).data ?? null]));
  const custom = Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in shape)));
  return { ...canonical, ...record, custom };
});
export type RecordNode = z.output<typeof recordNodeSchema>;

export const recordListSchema = z.object({ items: z.array(recordNodeSchema), nextCursor: z.string().optional() });

/** A record by its id in one account. */
export interface Counterpart {
  readonly connectionId: string;
  readonly object: CrmObject;
  readonly externalId: string;
}
