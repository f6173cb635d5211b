import { z } from 'zod';
import { companyFieldsSchema } from './company.ts';
import { contactFieldsSchema } from './contact.ts';
import { crmObjectSchema } from './crm-fields.ts';
import { dealSchema } from './deal.ts';
import { sourcedRecordShape } from './source.ts';

/** A record at a connection, by its id there. */
export const crmRefSchema = z.object({ object: crmObjectSchema, externalId: z.string().min(1).max(255) });
export type CrmRef = z.infer<typeof crmRefSchema>;

/** What is told of every CRM record beside its fields. */
const crmStateShape = {
  /** The hub's key that the CRM keeps on it. */
  externalKey: z.string().max(255).optional(),
  /** Ids of the records that have gone into it, where the CRM makes a new one of those that are merged. */
  mergedFrom: z.array(z.string().min(1).max(255)).optional(),
  /** Canonical fields, and names of custom ones, that the connection's mapping reads: one that is named here and absent is empty. */
  known: z.array(z.string().min(1)),
  /** The records it names at its connection: a contact its companies, a deal its contacts and companies. */
  associations: z.array(crmRefSchema),
  /** The complete reading in the course of which it was told. */
  scanId: z.uuid().optional(),
};

export const contactStateSchema = contactFieldsSchema.extend({ ...sourcedRecordShape, ...crmStateShape });
export type ContactState = z.infer<typeof contactStateSchema>;

export const companyStateSchema = companyFieldsSchema.extend({ ...sourcedRecordShape, ...crmStateShape });
export type CompanyState = z.infer<typeof companyStateSchema>;

/** `known` and `associations` are absent where the deal was fetched for orders and attribution alone. */
export const dealStateSchema = dealSchema.extend(z.object(crmStateShape).partial().shape);
export type DealState = z.infer<typeof dealStateSchema>;
