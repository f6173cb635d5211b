import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';
import { emailsOf, personSchema, toNewPerson, toPersonChange, type Person } from './pipedrive.mapping.ts';
import { recentlyChanged } from './pipedrive.recent.ts';

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;

const path = `${pipedriveLimits.apiV2}/persons`;
const searchSchema = z.object({ items: z.array(z.object({ item: z.object({ id: z.int().positive(), emails: z.array(z.string()).nullish() }) })) });

/** Makes persons exist by their address; a result a record, in order. Of several with one address the oldest is taken. */
export async function upsertPersons(session: PipedriveSession, records: readonly ContactRecord[], nowMs: number): Promise<UpsertResult[]> {
  if (records.length === 0) return [];
  try {
    const known = byEmail(await recentlyChanged(session, 'persons', personSchema, { nowMs }));
    return await sendInBatches<ContactRecord, Exclude<UpsertResult, Failure>>(records, {
      keyOf: ({ fields }) => fields.email.toLowerCase(),
      maxBatchSize: 1,
      send: (batch) => Promise.all(batch.map((record) => upsertPerson(session, record, known))),
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    return records.map(() => failure);
  }
}

async function upsertPerson(session: PipedriveSession, { fields }: ContactRecord, known: Map<string, Person>): Promise<Exclude<UpsertResult, Failure>> {
  const email = fields.email.toLowerCase();
  // Pipedrive takes any text for an address.
  if (!z.email().safeParse(email).success) throw new Failure('invalid', 'The contact has no valid e-mail address; Pipedrive would take any text for one.', { field: 'emails' });
  const existing = known.get(email) ?? await searchPerson(session, email);
  const change = existing && toPersonChange(existing, fields);
  const person = existing && change === undefined ? existing : await session.call({
    operation: existing ? 'persons.update' : 'persons.create',
    method: existing ? 'PATCH' : 'POST',
    path: existing ? `${path}/${existing.id}` : path,
    body: change ?? toNewPerson(fields),
  }, personSchema);
  known.set(email, person);
  return { outcome: 'upserted', crmId: String(person.id), created: existing === undefined };
}

async function searchPerson(session: PipedriveSession, email: string): Promise<Person | undefined> {
  const { items } = await session.call({
    operation: 'persons.search', path: `${path}/search`, query: { term: email, fields: 'email', exact_match: 'true', limit: 10 },
  }, searchSchema);
  const ids = items.filter(({ item }) => item.emails?.some((value) => value.toLowerCase() === email) !== false).map(({ item }) => item.id);
  if (ids.length === 0) return undefined;
  return (await readPersons(session, ids)).toSorted((one, other) => one.id - other.id)[0];
}

/** These persons as they are now; one that is deleted or unknown is left out. */
export async function readPersons(session: PipedriveSession, ids: readonly number[]): Promise<Person[]> {
  const persons: Person[] = [];
  for (let start = 0; start < ids.length; start += pipedriveLimits.idsPerCall) {
    const some = ids.slice(start, start + pipedriveLimits.idsPerCall);
    const { rows } = await session.page({ operation: 'persons.list', path, query: { ids: some.join(','), limit: some.length } }, personSchema);
    persons.push(...rows.filter((person) => !person.is_deleted));
  }
  return persons;
}

function byEmail(persons: readonly Person[]): Map<string, Person> {
  const oldestLast = persons.filter((person) => !person.is_deleted).toSorted((one, other) => other.id - one.id);
  return new Map(oldestLast.flatMap((person) => emailsOf(person).map((email) => [email, person] as const)));
}
