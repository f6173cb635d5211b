/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { sendInBatches } from '@crossdock/crm-connector';
import { asFailure, Failure, type Deal } from '@crossdock/contracts';
import type { BatchApi as AssociationsApi } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import type { BatchApi as ObjectsApi } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { z } from 'zod';
import { hubSpotRecordFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';
import { dealProperties, externalKeyProperty, hubSpotDealSchema, type HubSpotDeal } from './hubspot.mapping.ts';

const recordId = z.union([z.string().min(1), z.int()]).transform(String);

const associationsAnswerSchema = z.object({
  results: z.array(z.object({
    _from: z.object({ id: recordId }),
    to: z.array(z.object({ toObjectId: recordId })),
    paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
  })),
});

const contactsAnswerSchema = z.object({
  results: z.array(z.object({ id: z.string(), properties: z.object({ email: z.string().nullish() }) })),
});

/**
 * Which of these external keys HubSpot has a deal for.
 * @throws Failure `dependency_missing` while the account has no property for the keys: its set-up is not through yet.
 */
export async function existingDealKeys(api: ObjectsApi, externalKeys: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const ids of chunksOf(externalKeys, hubSpotLimits.objectBatchSize)) {
    const answer = await api.read('deals', {
      idProperty: externalKeyProperty, properties: [externalKeyProperty], propertiesWithHistory: [], inputs: ids.map((id) => ({ id })),
    }).catch((thrown: unknown) => {
      const failure = asFailure(thrown);
      // Nothing but the property's name is said in this call that HubSpot could find wrong.
      throw failure.kind === 'invalid' ? new Failure('dependency_missing', failure.message, { cause: failure }) : failure;
    });
    const { results } = guarded(z.object({ results: z.array(hubSpotDealSchema) }), answer, 'deals.batchRead');
    for (const { properties } of results) found.add(properties[externalKeyProperty] ?? '');
  }
  return found;
}

/** These deals as HubSpot has them now; one that it does not have is left out. */
export async function readDeals(api: ObjectsApi, ids: readonly string[]): Promise<HubSpotDeal[]> {
  const deals: HubSpotDeal[] = [];
  for (const chunk of chunksOf(ids, hubSpotLimits.objectBatchSize)) {
    const answer = await api.read('deals', {
      properties: [...dealProperties], propertiesWithHistory: [], inputs: chunk.map((id) => ({ id })),
    });
    deals.push(...guarded(z.object({ results: z.array(hubSpotDealSchema) }), answer, 'deals.batchRead').results);
  }
  return deals;
}

/** The ids of the contacts of each deal. */
export async function readDealContacts(api: AssociationsApi, dealIds: readonly string[]): Promise<Map<string, string[]>> {
  const contacts = new Map<string, string[]>(dealIds.map((id) => [id, []]));
  let inputs: Array<{ id: string; after?: string }> = dealIds.map((id) => ({ id }));
  while (inputs.length > 0) {
    const [batch, rest] = [inputs.slice(0, hubSpotLimits.associationBatchSize), inputs.slice(hubSpotLimits.associationBatchSize)];
    const answer = await api.getPage('deals', 'contacts', { inputs: batch });
    const { results } = guarded(associationsAnswerSchema, answer, 'associations.batchRead');
    for (const { _from, to } of results) contacts.get(_from.id)?.push(...to.map(({ toObjectId }) => toObjectId));
    const nextPages = results.flatMap(({ _from, paging }) => (paging?.next ? [{ id: _from.id, after: paging.next.after }] : []));
    inputs = [...rest, ...nextPages];
  }
  return contacts;
}

/** The contacts with their e-mails, in the form a canonical deal has; an address that is none is left out. */
export async function readContacts(api: ObjectsApi, ids: readonly string[]): Promise<Map<string, Deal['contacts'][number]>> {
  const contacts = new Map<string, Deal['contacts'][number]>(ids.map((id) => [id, { externalId: id }]));
  for (const chunk of chunksOf([...contacts.keys()], hubSpotLimits.objectBatchSize)) {
    const answer = await api.read('contacts', {
      properties: ['email'], propertiesWithHistory: [], inputs: chunk.map((id) => ({ id })),
    });
    for (const { id, properties } of guarded(contactsAnswerSchema, answer, 'contacts.batchRead').results) {
      const email = z.email().safeParse(properties.email);
      if (email.success) contacts.set(id, { externalId: id, email: email.data });
    }
  }
  return contacts;
}

/** A deal and the contacts it shall have. */
export interface DealContacts {
  readonly dealId: string;
  readonly contactIds: readonly string[];
}

/** Associates deals with contacts; an association that exists stays as it is. One answer a deal, in order. */
export function associateContacts(api: AssociationsApi, deals: readonly DealContacts[]): Promise<Array<'associated' | Failure>> {
  return sendInBatches(deals, {
    keyOf: ({ dealId }) => dealId,
    maxBatchSize: hubSpotLimits.associationBatchSize,
    send: async (batch) => {
      const inputs = batch.flatMap(({ dealId, contactIds }) => contactIds.map((id) => ({ _from: { id: dealId }, to: { id } })));
      if (inputs.length === 0) return batch.map(() => 'associated' as const);
      const { results, errors } = await api.createDefault('deals', 'contacts', { inputs });
      // The answer lists each association from both of its ends.
      const made = new Set(results.flatMap(({ _from, to }) => [`${_from.id} ${to.id}`, `${to.id} ${_from.id}`]));
      return batch.map(({ dealId, contactIds }) => {
        if (contactIds.every((contactId) => made.has(`${dealId} ${contactId}`))) return 'associated' as const;
        const error = errors?.find(({ context }) => Object.values(context).flat().includes(dealId));
        return error
          ? hubSpotRecordFailure('associations.batchCreate', error)
          : new Failure('unexpected', `HubSpot did not associate deal ${dealId} with its contacts.`, { record: `hubspot deal ${dealId}` });
      });
    },
  });
}

function guarded<Schema extends z.ZodType>(schema: Schema, answer: unknown, operation: string): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `HubSpot's answer to ${operation} is not as documented.`, { cause: parsed.error });
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
