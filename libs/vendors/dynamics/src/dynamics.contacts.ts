import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import { quoted, type DynamicsSession } from './dynamics.api.ts';
import { dynamicsLimits } from './dynamics.limits.ts';
import { contactIdFor, toContact } from './dynamics.mapping.ts';
import { upsertedRow } from './dynamics.upserted.ts';

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;

const contactSchema = z.object({ contactid: z.uuid(), emailaddress1: z.string().nullish(), createdon: z.string().nullish() });

/** Makes contacts exist by their address; a result a record, in order. Of several with one address the oldest is taken. */
export async function upsertContacts(session: DynamicsSession, records: readonly ContactRecord[]): Promise<UpsertResult[]> {
  if (records.length === 0) return [];
  const operation = 'contacts.batchUpsert';
  try {
    const known = await findByEmail(session, [...new Set(records.map(({ fields }) => fields.email.toLowerCase()))]);
    return await sendInBatches<ContactRecord, Exclude<UpsertResult, Failure>>(records, {
      keyOf: ({ fields }) => fields.email.toLowerCase(),
      maxBatchSize: dynamicsLimits.batchSize,
      send: async (batch) => {
        const answers = await session.batch(operation, batch.map(({ fields }) => {
          const existing = known.get(fields.email.toLowerCase());
          return {
            method: 'PATCH',
            path: `contacts(${existing ?? contactIdFor(session.connection.accountId, fields.email)})?$select=contactid`,
            headers: { Prefer: 'return=representation' },
            body: toContact(fields, { exists: existing !== undefined }),
          } as const;
        }));
        return batch.map((_, index) => {
          const row = upsertedRow(operation, answers[index], contactSchema);
          return row instanceof Failure ? row : { outcome: 'upserted', crmId: row.values.contactid, created: row.created } as const;
        });
      },
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    return records.map(() => failure);
  }
}

async function findByEmail(session: DynamicsSession, emails: readonly string[]): Promise<Map<string, string>> {
  const rows = await listByValues(session, emails, dynamicsLimits.keysPerFilter, (email) => `emailaddress1 eq ${quoted(email)}`);
  const oldestLast = rows.toSorted((one, other) => (other.createdon ?? '').localeCompare(one.createdon ?? ''));
  return new Map(oldestLast.map(({ contactid, emailaddress1 }) => [emailaddress1?.toLowerCase() ?? '', contactid]));
}

/** The contacts with their e-mails, in the form a canonical deal has; an address that is none is left out. */
export async function readContacts(session: DynamicsSession, ids: readonly string[]): Promise<Map<string, Deal['contacts'][number]>> {
  const rows = await listByValues(session, ids, dynamicsLimits.idsPerFilter, (id) => `contactid eq ${id}`);
  return new Map(rows.map(({ contactid: externalId, emailaddress1 }) => {
    const email = z.email().safeParse(emailaddress1);
    return [externalId, { externalId, ...(email.success && { email: email.data }) }];
  }));
}

async function listByValues(
  session: DynamicsSession, values: readonly string[], perFilter: number, condition: (value: string) => string,
): Promise<Array<z.infer<typeof contactSchema>>> {
  const rows: Array<z.infer<typeof contactSchema>> = [];
  for (let start = 0; start < values.length; start += perFilter) {
    const $filter = values.slice(start, start + perFilter).map(condition).join(' or ');
    rows.push(...await session.list('contacts.list', 'contacts', { $select: 'contactid,emailaddress1,createdon', $filter }, contactSchema));
  }
  return rows;
}
