import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, type Failure, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';
import { pipedriveDealSchema, toDealBody, type DealFieldCodes, type PipedriveDeal } from './pipedrive.mapping.ts';
import { addParticipants, toPersonId } from './pipedrive.participants.ts';
import { recentlyChanged } from './pipedrive.recent.ts';

type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

const path = `${pipedriveLimits.apiV2}/deals`;
/** A search by our key finds our deal; more hits are other fields that happen to hold the same text. */
const maxHits = 10;
const searchSchema = z.object({ items: z.array(z.object({ item: z.object({ id: z.int().positive() }) })) });

/** Makes deals exist by the hub's key, each with its contacts; a result a record, in order. */
export async function upsertDeals(
  session: PipedriveSession, records: readonly DealRecord[], { codes, nowMs }: { readonly codes: DealFieldCodes; readonly nowMs: number },
): Promise<UpsertResult[]> {
  try {
    const recent = await recentlyChanged(session, 'deals', pipedriveDealSchema, { nowMs, query: { custom_fields: codesOf(codes) } });
    const known = new Map(recent.filter((deal) => !deal.is_deleted).toSorted((one, other) => other.id - one.id).map((deal) => [deal.custom_fields[codes.key], deal]));
    return await sendInBatches<DealRecord, Exclude<UpsertResult, Failure>>(records, {
      keyOf: ({ externalKey }) => externalKey,
      maxBatchSize: 1,
      send: (batch) => Promise.all(batch.map(async (record) => {
        const existing = known.get(record.externalKey) ?? await searchDeal(session, record.externalKey, codes);
        const deal = await writeDeal(session, record, { existing, codes });
        known.set(record.externalKey, deal);
        await addParticipants(session, deal, record.contactIds.map(toPersonId));
        return { outcome: 'upserted', crmId: String(deal.id), created: existing === undefined } as const;
      })),
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    return records.map(() => failure);
  }
}

/** The first contact becomes the deal's contact person, unless people gave it another. */
function writeDeal(
  session: PipedriveSession, { externalKey, fields, contactIds }: DealRecord,
  { existing, codes }: { readonly existing: PipedriveDeal | undefined; readonly codes: DealFieldCodes },
): Promise<PipedriveDeal> {
  const [first] = contactIds;
  const hasPerson = existing?.person_id !== undefined && existing.person_id !== null;
  return session.call({
    operation: existing ? 'deals.update' : 'deals.create',
    method: existing ? 'PATCH' : 'POST',
    path: existing ? `${path}/${existing.id}` : path,
    body: {
      ...toDealBody(externalKey, fields, { codes, exists: existing !== undefined }),
      ...(first !== undefined && !hasPerson && { person_id: toPersonId(first) }),
    },
  }, pipedriveDealSchema);
}

async function searchDeal(session: PipedriveSession, externalKey: string, codes: DealFieldCodes): Promise<PipedriveDeal | undefined> {
  const { items } = await session.call({
    operation: 'deals.search', path: `${path}/search`, query: { term: externalKey, fields: 'custom_fields', exact_match: 'true', limit: maxHits },
  }, searchSchema);
  const hits = await readDeals(session, items.map(({ item }) => item.id), codes);
  return hits.filter((deal) => deal.custom_fields[codes.key] === externalKey).toSorted((one, other) => one.id - other.id)[0];
}

/** These deals as they are now, archived ones too; one that is deleted or unknown is left out. */
export async function readDeals(session: PipedriveSession, ids: readonly number[], codes: Partial<DealFieldCodes>): Promise<PipedriveDeal[]> {
  const deals: PipedriveDeal[] = [];
  for (let start = 0; start < ids.length; start += pipedriveLimits.idsPerCall) {
    const wanted = ids.slice(start, start + pipedriveLimits.idsPerCall);
    const present = await listDeals(session, path, wanted, codes);
    const missing = wanted.filter((id) => !present.some((deal) => deal.id === id));
    const archived = missing.length === 0 ? [] : await listDeals(session, `${path}/archived`, missing, codes);
    deals.push(...[...present, ...archived].filter((deal) => !deal.is_deleted));
  }
  return deals;
}

async function listDeals(session: PipedriveSession, listPath: string, ids: readonly number[], codes: Partial<DealFieldCodes>): Promise<PipedriveDeal[]> {
  const { rows } = await session.page({
    operation: 'deals.list', path: listPath,
    query: { ids: ids.join(','), include_fields: 'participants_count', limit: ids.length, ...(codesOf(codes) !== '' && { custom_fields: codesOf(codes) }) },
  }, pipedriveDealSchema);
  return rows;
}

const codesOf = ({ key, orderStatus }: Partial<DealFieldCodes>): string => [key, orderStatus].filter((code) => code !== undefined).join(',');
