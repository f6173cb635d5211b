import type { CrmRecord, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';
import { inList } from '../salesforce.query.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { portionsOf, queryAllRows } from './composite.ts';
import { sobjectOf } from './object-types.ts';
import { columnsOf, parseRows, toGone, toRecord, type RecordRow } from './record-rows.ts';

/** Rows in the hub's form: those that are there with what they name, and those that are no more. */
export async function readRecords(
  session: SalesforceSession, selection: FieldSelection, rows: readonly RecordRow[],
): Promise<{ readonly records: CrmRecord[]; readonly gone: GoneRecord[] }> {
  const { object } = selection.description;
  const present = rows.filter(({ IsDeleted }) => !IsDeleted);
  const contactIds = object === 'deal' ? await contactsOf(session, present.map(({ Id }) => Id)) : new Map<string, string[]>();
  return {
    records: present.map((row) => toRecord(row, selection, session.settings, contactIds.get(row.Id) ?? [])),
    gone: rows.filter(({ IsDeleted }) => IsDeleted).map((row) => toGone(row, object)),
  };
}

/** These records, or that they are no more; one that never was is absent. */
export async function rowsById(session: SalesforceSession, selection: FieldSelection, ids: readonly string[]): Promise<RecordRow[]> {
  const soql = (some: readonly string[]): string =>
    `SELECT ${columnsOf(selection, session.settings)} FROM ${sobjectOf[selection.description.object]} WHERE Id IN ${inList(some)}`;
  return parseRows(await queryAllRows(session, 'records.get', portionsOf([...new Set(ids)], salesforceLimits.idsPerSubquery).map(soql), { withDeleted: true }));
}

const roleSchema = z.object({ Id: z.string(), OpportunityId: z.string(), ContactId: z.string() });
export type ContactRole = z.infer<typeof roleSchema>;

/** Who has a part in these opportunities. */
export async function rolesOf(session: SalesforceSession, opportunityIds: readonly string[]): Promise<ContactRole[]> {
  const soql = (some: readonly string[]): string => `SELECT Id, OpportunityId, ContactId FROM OpportunityContactRole WHERE OpportunityId IN ${inList(some)}`;
  return z.array(roleSchema).parse(await queryAllRows(session, 'contactRoles.query', portionsOf(opportunityIds, salesforceLimits.idsPerSubquery).map(soql)));
}

async function contactsOf(session: SalesforceSession, opportunityIds: readonly string[]): Promise<Map<string, string[]>> {
  const byOpportunity = Map.groupBy(await rolesOf(session, opportunityIds), ({ OpportunityId }) => OpportunityId);
  return new Map([...byOpportunity].map(([id, roles]) => [id, roles.map(({ ContactId }) => ContactId)]));
}
