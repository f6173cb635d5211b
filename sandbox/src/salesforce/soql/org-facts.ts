import type { Org, OrgPermissions } from '../orgs.ts';
import { noSuchColumn } from '../salesforce-refusals.ts';
import { parseSoql } from './soql.ts';

type Fact = string | boolean | null;

const permissionFields: Record<keyof OrgPermissions, string> = {
  apiEnabled: 'PermissionsApiEnabled',
  modifyMetadata: 'PermissionsModifyMetadata',
  customizeApplication: 'PermissionsCustomizeApplication',
  authorApex: 'PermissionsAuthorApex',
  modifyAllData: 'PermissionsModifyAllData',
};

const permissionNames = ['apiEnabled', 'modifyMetadata', 'customizeApplication', 'authorApex', 'modifyAllData'] as const;

/**
 * What the org tells of itself in SOQL: its edition (Organization), and what its user may do (PermissionSetAssignment).
 * Undefined for any other type. Conditions are not looked at: there is one organisation and one user.
 */
export function selectOrgFacts(org: Org, soql: string, version: string): Record<string, unknown> | undefined {
  const query = parseSoql(soql);
  const facts = factsOf(org, query.from.toLowerCase());
  if (facts === undefined) return undefined;
  const record: Record<string, unknown> = { attributes: { type: query.from, url: `/services/data/${version}/sobjects/${query.from}/${String(facts['Id'])}` } };
  for (const asked of query.fields) {
    const name = Object.keys(facts).find((known) => known.toLowerCase() === asked.toLowerCase());
    if (name === undefined) throw noSuchColumn(asked, query.from);
    put(record, name.split('.'), facts[name] ?? null);
  }
  return { totalSize: 1, done: true, records: [record] };
}

function factsOf(org: Org, type: string): Record<string, Fact> | undefined {
  const { kind, edition, permissions } = org.options;
  if (type === 'organization') {
    return { Id: org.orgId, Name: 'Sandbox Org', OrganizationType: edition, IsSandbox: kind === 'sandbox', TrialExpirationDate: null, InstanceName: 'SBX1' };
  }
  if (type !== 'permissionsetassignment') return undefined;
  const granted = permissionNames.map((name) => [`PermissionSet.${permissionFields[name]}`, permissions[name]] as const);
  return { Id: `0Pa${org.userId.slice(3)}`, AssigneeId: org.userId, PermissionSetId: `0PS${org.userId.slice(3)}`, 'PermissionSet.Name': 'Profile', ...Object.fromEntries(granted) };
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
