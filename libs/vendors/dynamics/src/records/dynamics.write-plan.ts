import { asCreation, derivedFields, type RecordWrite } from '@crossdock/crm-connector';
import { deterministicId, Failure, type CrmObject, type FieldValue, type Money, type ObjectDescription } from '@crossdock/contracts';
import type { BatchPart } from '../dynamics.batch.ts';
import { keyColumn, opportunityIdFor, stateOf, toClosing } from '../dynamics.mapping.ts';
import { toConnections, toReferences } from './dynamics.associations.ts';
import { isRowId } from './dynamics.rows.ts';
import { tableOf } from './dynamics.tables.ts';
import { dependsOnRow, type PresentRow } from './dynamics.targets.ts';
import { toDynamicsValue } from './dynamics.values.ts';

/** What is sent for a write: the row, if anything of it changes, and what is done with it afterwards. */
export interface PlannedWrite {
  readonly id: string;
  readonly isByKey: boolean;
  readonly row?: BatchPart;
  readonly afterwards: readonly BatchPart[];
}

export interface PlanContext {
  readonly accountId: string;
  readonly description: ObjectDescription;
  readonly currencies: ReadonlyMap<string, string>;
}

type Values = Record<string, unknown>;

/** @returns a Failure where the write means no row that is there, or the environment could not keep a value. */
export function planWrite(wanted: RecordWrite, present: PresentRow | undefined, { accountId, description, currencies }: PlanContext): PlannedWrite | Failure {
  const { object } = description;
  const { target } = wanted;
  const write = present || 'id' in target ? wanted : asCreation(wanted);
  if ('id' in target && (!isRowId(target.id) || (dependsOnRow(object, write) && !present))) return notFound(object, target.id);
  const id = present?.id ?? ('id' in target ? target.id.toLowerCase() : idForKey(object, accountId, target.key));
  const isNew = 'key' in target && !present;
  const values = toValues(write, description, currencies);
  if (values instanceof Failure) return values;
  const body: Values = {
    ...(isNew && object === 'contact' && lastNameOf(values)), ...values, ...toReferences(object, write, present), ...('key' in target && present?.key === undefined && { [keyColumn]: target.key }),
  };
  const { entitySet, primaryKey } = tableOf(object);
  const afterwards = object === 'deal' ? [...toConnections(id, write, present), ...toState(id, write, present)] : [];
  return {
    id, isByKey: 'key' in target, afterwards,
    ...(Object.keys(body).length > 0 && { row: {
      method: 'PATCH', path: `${entitySet}(${id})?$select=${primaryKey},modifiedon`, body,
      headers: { Prefer: 'return=representation', ...(!isNew && { 'If-Match': '*' }) },
    } as const }),
  };
}

/** A row that is new gets an id that follows from its key, so that a repeat finds it. */
function idForKey(object: CrmObject, accountId: string, key: string): string {
  return object === 'deal' ? opportunityIdFor(accountId, key) : deterministicId(`dynamics ${object} by key`, accountId, key);
}

function toValues({ fields }: RecordWrite, { object, fields: described }: ObjectDescription, currencies: ReadonlyMap<string, string>): Values | Failure {
  const values: Values = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === derivedFields.dealStatus || name === derivedFields.dealClosedAt) continue;
    const field = described.find((each) => each.name === name);
    if (!field) return new Failure('invalid', `Dynamics has no column ${name} of a ${object}.`, { field: name });
    const sent = toDynamicsValue(field, value);
    if (sent instanceof Failure) return sent;
    values[sent[0]] = sent[1];
    if (!isMoney(value)) continue;
    const currencyId = [...currencies].find(([, code]) => code === value.currency)?.[0];
    if (currencyId === undefined) return new Failure('invalid', `The Dynamics environment has no currency ${value.currency}: its administrator has to add it.`, { field: name });
    const reference = `/transactioncurrencies(${currencyId})`;
    if ((values[currencyReference] ?? reference) !== reference) return new Failure('invalid', 'A row of Dynamics has one currency for all of its amounts.', { field: name });
    values[currencyReference] = reference;
    // Otherwise Dynamics sums up the products of the opportunity.
    if (name === 'estimatedvalue') values['isrevenuesystemcalculated'] = false;
  }
  return values;
}

const currencyReference = 'transactioncurrencyid@odata.bind';
const isMoney = (value: FieldValue | undefined): value is Money => typeof value === 'object' && value !== null && 'amountMinor' in value;

/** People find a contact by a last name; the address or the number stands in for one that is unknown. */
function lastNameOf({ emailaddress1: email, telephone1: phone }: Values): Values {
  const standIn = email ?? phone;
  return typeof standIn === 'string' ? { lastname: standIn.slice(0, 50) } : {};
}

/** What is decided is not opened again by `open`, and a decision that people made otherwise is made anew. */
function toState(id: string, { fields }: RecordWrite, present: PresentRow | undefined): BatchPart[] {
  const { [derivedFields.dealStatus]: status, [derivedFields.dealClosedAt]: closedAt, estimatedvalue: amount } = fields;
  const state = present?.state ?? stateOf.open;
  if ((status !== 'won' && status !== 'lost') || state === stateOf[status]) return [];
  const closing = toClosing(id, { name: '', status, ...(typeof closedAt === 'string' && { closedAt }), ...(isMoney(amount) && { amount }) });
  return [
    ...(state === stateOf.open ? [] : [{ method: 'PATCH', path: `opportunities(${id})`, body: { statecode: stateOf.open, statuscode: 1 } } as const]),
    { method: 'POST', path: status === 'won' ? 'WinOpportunity' : 'LoseOpportunity', body: closing },
  ];
}

export const notFound = (object: CrmObject, id: string): Failure =>
  new Failure('not_found', `Dynamics has no ${object} ${id}, or it is deleted.`, { record: `dynamics ${object} ${id}` });
