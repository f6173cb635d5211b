import type { Org, OrgPermissions } from '../orgs.ts';
import type { SelectQuery } from '../../select-query.ts';
import { noSuchColumn } from '../salesforce-refusals.ts';
import { parseSoql } from './soql.ts';

type Fact = string | boolean | null;

const permissionFields: Record<keyof OrgPermissions, string> = {
  apiEnabled: 'PermissionsApiEnabled',
  modifyMetadata: 'PermissionsModifyMetadata',
  customizeApplication: 'PermissionsCustomizeApplication',
  authorApex: 'PermissionsAuthorApex',
  modifyAllData: 'PermissionsModifyAllData',
  managePermissionSets: 'PermissionsManageProfilesPermissionsets',
};

const permissionNames = ['apiEnabled', 'modifyMetadata', 'customizeApplication', 'authorApex', 'modifyAllData', 'managePermissionSets'] as const;

/**
 * What the org tells of itself in SOQL: its edition (Organization), what its user may do (PermissionSetAssignment), and
 * permission sets by name, and its users. Undefined for any other type. Conditions on anything else are not looked at.
 */
export function selectOrgFacts(org: Org, soql: string, version: string): Record<string, unknown> | undefined {
  const query = parseSoql(soql);
  const found = factsOf(org, query);
  if (found === undefined) return undefined;
  const records = found.map((facts) => recordOf(facts, query, version));
  return { totalSize: records.length, done: true, records };
}

function recordOf(facts: Record<string, Fact>, query: SelectQuery, version: string): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: { type: query.from, url: `/services/data/${version}/sobjects/${query.from}/${String(facts['Id'])}` } };
  for (const asked of query.fields) {
    const name = Object.keys(facts).find((known) => known.toLowerCase() === asked.toLowerCase());
    if (name === undefined) throw noSuchColumn(asked, query.from);
    put(record, name.split('.'), facts[name] ?? null);
  }
  return record;
}

function factsOf(org: Org, { from, where }: SelectQuery): Record<string, Fact>[] | undefined {
  const { kind, edition, permissions } = org.options;
  const type = from.toLowerCase();
  if (type === 'permissionset') {
    const names = new Set(where.filter(({ field }) => field === 'Name').flatMap(({ literals }) => literals.map(({ value }) => value)));
    return org.permissionSets.list().filter(({ name }) => names.has(name)).map(({ id, name, label }) => ({ Id: id, Name: name, Label: label }));
  }
  if (type === 'organization') {
    return [{ Id: org.orgId, Name: 'Sandbox Org', OrganizationType: edition, IsSandbox: kind === 'sandbox', TrialExpirationDate: null, InstanceName: 'SBX1' }];
  }
  if (type === 'user') return org.users.map(({ id, email, isActive }) => ({ Id: id, Email: email, IsActive: isActive, UserType: 'Standard' }));
  if (type !== 'permissionsetassignment') return undefined;
  const granted = permissionNames.map((name) => [`PermissionSet.${permissionFields[name]}`, permissions[name]] as const);
  return [{ Id: `0Pa${org.userId.slice(3)}`, AssigneeId: org.userId, PermissionSetId: `0PS${org.userId.slice(3)}`, 'PermissionSet.Name': 'Profile', ...Object.fromEntries(granted) }];
}

/** A field of a parent is nested in the answer. */
function put(record: Record<string, unknown>, [first = '', ...rest]: string[], value: Fact): void {
  if (rest.length === 0) {
    record[first] = value;
    return;
  }
  const known = record[first];
  const parent: Record<string, unknown> = typeof known === 'object' && known !== null ? { ...known } : { attributes: { type: first } };
  put(parent, rest, value);
  record[first] = parent;
}
