import { sendInBatches, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type Deal } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';
import { salesforceRecordFailure } from './salesforce.errors.ts';
import { hubFields, missingFields } from './salesforce.fields.ts';
import { salesforceLimits } from './salesforce.limits.ts';
import { externalKeyField, opportunityFields, opportunitySchema, type Opportunity, type SalesforceRecord, type SalesforceSettings } from './salesforce.mapping.ts';
import { inList, selectAll } from './salesforce.query.ts';

const saveResultsSchema = z.array(z.object({
  id: z.string().nullish(),
  success: z.boolean(),
  created: z.boolean().nullish(),
  errors: z.array(z.object({ statusCode: z.string().optional(), errorCode: z.string().optional(), fields: z.array(z.string()).nullish() })).default([]),
}));
export type SaveResult = z.infer<typeof saveResultsSchema>[number];

/** Upserts records of one type by the hub's key, in collections; a result a record, in order. */
export function upsertByKey(
  jsforce: JsforceConnection, type: 'Contact' | 'Opportunity', records: readonly SalesforceRecord[], operation: string,
): Promise<UpsertResult[]> {
  return sendInBatches(records, {
    keyOf: (record) => String(record[externalKeyField]),
    maxBatchSize: salesforceLimits.collectionSize,
    send: async (batch) => {
      const answer = parseSaveResults(await jsforce.upsert(type, [...batch], externalKeyField, { allOrNone: false }), operation);
      return batch.map((_, index) => toResult(answer[index], operation));
    },
  });
}

function toResult(saved: SaveResult | undefined, operation: string): UpsertResult {
  if (!saved) return new Failure('outcome_unknown', `Salesforce answered ${operation} without a word on one of the records.`);
  if (!saved.success || !saved.id) return salesforceRecordFailure(operation, saved.errors);
  return { outcome: 'upserted', crmId: saved.id, created: saved.created ?? false };
}

/**
 * Which of these keys the organisation has a record for.
 * @throws Failure `forbidden` where the organisation has no field for the keys: an administrator must create it.
 */
export async function existingKeys(jsforce: JsforceConnection, type: 'Contact' | 'Opportunity', keys: readonly string[]): Promise<Set<string>> {
  const rowSchema = z.object({ [externalKeyField]: z.string() });
  const rows = await selectAll(jsforce, rowSchema, [...new Set(keys)], salesforceLimits.keysPerQuery, (some) =>
    `SELECT ${externalKeyField} FROM ${type} WHERE ${externalKeyField} IN ${inList(some)}`,
  ).catch((thrown: unknown) => {
    const failure = asFailure(thrown);
    // Nothing but the field's name is said in this query that Salesforce could find wrong.
    throw failure.kind === 'invalid' ? missingFields(hubFields.filter((field) => field.type === type && field.isKey)) : failure;
  });
  return new Set(rows.map((row) => row[externalKeyField]));
}

/** These opportunities as they are now; one that is deleted or unknown is left out. */
export function readOpportunities(jsforce: JsforceConnection, ids: readonly string[], settings: SalesforceSettings, hasOrderStatus: boolean): Promise<Opportunity[]> {
  return selectAll(jsforce, opportunitySchema, ids, salesforceLimits.idsPerQuery, (some) =>
    `SELECT ${opportunityFields(settings, hasOrderStatus).join(', ')} FROM Opportunity WHERE Id IN ${inList(some)}`);
}

const roleSchema = z.object({ OpportunityId: z.string(), ContactId: z.string() });
type Role = z.infer<typeof roleSchema>;

/** Which contact has a part in which opportunity. */
export function readContactRoles(jsforce: JsforceConnection, opportunityIds: readonly string[]): Promise<Role[]> {
  return selectAll(jsforce, roleSchema, opportunityIds, salesforceLimits.idsPerQuery, (some) =>
    `SELECT OpportunityId, ContactId FROM OpportunityContactRole WHERE OpportunityId IN ${inList(some)}`);
}

/** The contacts with their e-mails, in the form a canonical deal has; an address that is none is left out. */
export async function readContacts(jsforce: JsforceConnection, ids: readonly string[]): Promise<Map<string, Deal['contacts'][number]>> {
  const rows = await selectAll(jsforce, z.object({ Id: z.string(), Email: z.string().nullish() }), [...new Set(ids)], salesforceLimits.idsPerQuery, (some) =>
    `SELECT Id, Email FROM Contact WHERE Id IN ${inList(some)}`);
  return new Map(rows.map(({ Id: externalId, Email }) => {
    const email = z.email().safeParse(Email);
    return [externalId, { externalId, ...(email.success && { email: email.data }) }];
  }));
}

/** Gives contacts a part in opportunities. The roles that exist must have been left out: Salesforce would double them. */
export function createContactRoles(jsforce: JsforceConnection, roles: readonly Role[], operation: string): Promise<Array<'created' | Failure>> {
  return sendInBatches(roles, {
    keyOf: ({ OpportunityId, ContactId }) => `${OpportunityId} ${ContactId}`,
    maxBatchSize: salesforceLimits.collectionSize,
    send: async (batch) => {
      const answer = parseSaveResults(await jsforce.create('OpportunityContactRole', [...batch], { allOrNone: false }), operation);
      return batch.map((_, index) => {
        const result = toResult(answer[index], operation);
        return result instanceof Failure ? result : 'created' as const;
      });
    },
  });
}

/** @throws Failure where the answer to a collection is not as documented. */
export function parseSaveResults(answer: unknown, operation: string): SaveResult[] {
  const parsed = saveResultsSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`, { cause: parsed.error });
}
