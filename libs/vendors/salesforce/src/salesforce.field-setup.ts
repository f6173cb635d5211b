import { asFailure, Failure } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';
import { hubFields, missingFields, toToolingField, type HubField } from './salesforce.fields.ts';
import { inList } from './salesforce.query.ts';

const describeSchema = z.object({ fields: z.array(z.object({ name: z.string(), externalId: z.boolean(), createable: z.boolean(), updateable: z.boolean() })) });
const customFieldsSchema = z.object({ records: z.array(z.object({ DeveloperName: z.string(), TableEnumOrId: z.string() })) });
const permissionSetsSchema = z.object({ records: z.array(z.object({ Id: z.string() })) });
const savedSchema = z.object({ id: z.string() });
const userSchema = z.object({ user_id: z.string() });

const permissionSet = { Name: 'Crossdock_Fields', Label: 'Crossdock fields', Description: 'Lets the user that Crossdock is connected with read and edit the fields of Crossdock.' };

/** A jsforce connection for one call of this name. */
type CallAs = (operation: string) => JsforceConnection;

/**
 * Makes the hub's fields in an organisation, each unless it is there, made by whomever, and lets the connected user see
 * them: a field that the Tooling API made is hidden from everybody until a permission set shows it. Each step may be
 * repeated; what was done before is found, or its repeat refused as a duplicate.
 * @throws Failure `forbidden` that names all fields which a person has to make or to show.
 * Sources: https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm,
 * https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-fieldpermissions.html
 */
export async function makeHubFields(call: CallAs): Promise<void> {
  const unusable = await unusableFields(call);
  if (unusable.length === 0) return;
  try {
    await createFields(call, unusable);
    await showFields(call, unusable);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== 'forbidden' && failure.kind !== 'not_found') throw failure;
    throw missingFields(await unusableFields(call));
  }
  const left = await unusableFields(call);
  if (left.length > 0) throw missingFields(left);
}

/** Fields that the connected user does not find as they have to be. */
async function unusableFields(call: CallAs): Promise<HubField[]> {
  const unusable: HubField[] = [];
  for (const [type, wanted] of Map.groupBy(hubFields, (field) => field.type)) {
    const { fields } = describeSchema.parse(await call('describe').describe(type));
    const usable = new Map(fields.filter(({ createable, updateable }) => createable && updateable).map((field) => [field.name, field]));
    unusable.push(...wanted.filter(({ name, isKey }) => !usable.has(name) || (isKey && usable.get(name)?.externalId !== true)));
  }
  return unusable;
}

/** Fields of a type that the connected user sees. */
export async function fieldNamesOf(jsforce: JsforceConnection, type: string): Promise<ReadonlySet<string>> {
  const { fields } = describeSchema.parse(await jsforce.describe(type));
  return new Set(fields.map(({ name }) => name));
}

async function createFields(call: CallAs, wanted: readonly HubField[]): Promise<void> {
  const names = [...new Set(wanted.map(({ name }) => developerNameOf(name)))];
  const soql = `SELECT DeveloperName, TableEnumOrId FROM CustomField WHERE DeveloperName IN ${inList(names)}`;
  const { records } = customFieldsSchema.parse(await call('fields.query').requestGet(`/tooling/query?${new URLSearchParams({ q: soql }).toString()}`));
  const present = new Set(records.map(({ TableEnumOrId, DeveloperName }) => `${TableEnumOrId}.${DeveloperName}`));
  for (const field of wanted.filter(({ type, name }) => !present.has(`${type}.${developerNameOf(name)}`))) {
    await unlessThere(() => call('fields.create').requestPost('/tooling/sobjects/CustomField', toToolingField(field)));
  }
}

async function showFields(call: CallAs, wanted: readonly HubField[]): Promise<void> {
  const ParentId = await permissionSetId(call);
  for (const { type, name } of wanted) {
    await unlessThere(() => call('fieldPermissions.create').requestPost('/sobjects/FieldPermissions', {
      ParentId, SobjectType: type, Field: `${type}.${name}`, PermissionsRead: true, PermissionsEdit: true,
    }));
  }
  const { user_id: AssigneeId } = userSchema.parse(await call('userinfo').requestGet('/services/oauth2/userinfo'));
  await unlessThere(() => call('permissionSets.assign').requestPost('/sobjects/PermissionSetAssignment', { AssigneeId, PermissionSetId: ParentId }));
}

async function permissionSetId(call: CallAs): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    permissionSetsSchema.parse(await call('permissionSets.query').query(`SELECT Id FROM PermissionSet WHERE Name = '${permissionSet.Name}'`)).records[0]?.Id;
  const present = await find();
  if (present !== undefined) return present;
  const made = await unlessThere(() => call('permissionSets.create').requestPost('/sobjects/PermissionSet', permissionSet));
  const id = made === undefined ? await find() : savedSchema.parse(made).id;
  if (id === undefined) throw new Failure('unexpected', `Salesforce says that there is a permission set ${permissionSet.Name}, and does not find it.`);
  return id;
}

/** @returns what Salesforce answered, or undefined where it has such a one already. */
async function unlessThere(create: () => Promise<unknown>): Promise<unknown> {
  try {
    return await create();
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== 'conflict') throw failure;
    return undefined;
  }
}

function developerNameOf(name: string): string {
  return name.replace(/__c$/, '');
}
