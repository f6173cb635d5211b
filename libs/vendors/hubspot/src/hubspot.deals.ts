/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { asFailure, Failure, type Deal } from '@crossdock/contracts';
import type { BatchApi as ObjectsApi } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { z } from 'zod';
import { chunksOf, guarded } from './hubspot.answers.ts';
import { hubSpotLimits } from './hubspot.limits.ts';
import { dealProperties, externalKeyProperty, hubSpotDealSchema, type HubSpotDeal } from './hubspot.mapping.ts';

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
