import { Failure, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import { asCreation, derivedFields, type RecordWrite } from '@crossdock/crm-connector';
import { externalKeyField, forecastDate, opportunityStages, type SalesforceSettings } from '../salesforce.mapping.ts';
import { writeValue, type WireValue } from './field-values.ts';
import { namesAccount } from './object-types.ts';
import type { RecordState, WriteStates } from './write-state.ts';

export type Body = Record<string, WireValue>;

/** What is sent for a write: a record that is new under a key, or changes of one that is there. */
export type PlannedWrite =
  | { readonly kind: 'upsert'; readonly key: string; readonly body: Body }
  | { readonly kind: 'update'; readonly id: string; readonly body: Body };

export interface PlanContext {
  readonly description: ObjectDescription;
  readonly settings: SalesforceSettings;
  readonly states: WriteStates;
  readonly nowMs: number;
}

/** @returns a Failure where Salesforce could not take the write as it is meant. */
export function planWrite(wanted: RecordWrite, context: PlanContext): PlannedWrite | Failure {
  const { description: { object }, states } = context;
  const { target } = wanted;
  const state = 'id' in target ? states.ofId(target.id) : states.ofKey(target.key) ?? states.adopt(target.key, target.adoptBy ?? []);
  const { fields, associate = [], dissociate = [] } = 'key' in target && !state ? asCreation(wanted) : wanted;
  const values = valuesOf(fields, state, context);
  if (values instanceof Failure) return values;
  const account = namesAccount(object) ? accountOf(state, associate.filter((ref) => ref.object === 'company'), dissociate.filter((ref) => ref.object === 'company')) : {};
  if (account instanceof Failure) return account;
  const body = { ...values, ...account };
  if ('id' in target) return { kind: 'update', id: target.id, body };
  if (!state) return { kind: 'upsert', key: target.key, body: { ...requiredOf(object, body, context.nowMs), ...body, [externalKeyField]: target.key } };
  return { kind: 'update', id: state.Id, body: { ...body, ...(!state[externalKeyField] && { [externalKeyField]: target.key }) } };
}

function valuesOf(fields: Readonly<Record<string, FieldValue>>, state: RecordState | undefined, { settings }: PlanContext): Body | Failure {
  const { [derivedFields.dealStatus]: status, [derivedFields.dealClosedAt]: closedAt, ...own } = fields;
  const body: Body = {};
  for (const [name, value] of Object.entries(own)) {
    const currency = currencyOf(value);
    if (currency !== undefined && settings.multiCurrency) body['CurrencyIsoCode'] = currency;
    else if (currency !== undefined && currency !== settings.companyCurrency) {
      return new Failure('invalid', `The Salesforce organisation has ${settings.companyCurrency ?? 'one currency'} only; an amount in ${currency} cannot be kept there.`, { field: name });
    }
    body[name] = writeValue(value);
  }
  if (typeof closedAt === 'string') body['CloseDate'] = closedAt.slice(0, 10);
  const isDecided = (status === 'won' && state?.IsWon === true) || (status === 'lost' && state?.IsClosed === true && state.IsWon !== true);
  if ((status === 'won' || status === 'lost') && !isDecided) body['StageName'] ??= opportunityStages[status];
  return body;
}

function currencyOf(value: FieldValue): string | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value.currency : undefined;
}

/** What Salesforce wants of a new record although nobody has said it. */
function requiredOf(object: ObjectDescription['object'], body: Body, nowMs: number): Body {
  if (object === 'deal') return { StageName: opportunityStages.open, CloseDate: forecastDate(nowMs) };
  const standIn = body['Email'] ?? body['Phone'];
  return object === 'contact' && typeof standIn === 'string' ? { LastName: standIn.slice(0, 80) } : {};
}

type Refs = NonNullable<RecordWrite['associate']>;

function accountOf(state: RecordState | undefined, associate: Refs, dissociate: Refs): Body | Failure {
  const [first, ...others] = associate;
  const present = state?.AccountId;
  if (others.length > 0) return new Failure('invalid', 'A record of Salesforce belongs to one account, and several were to be named.', { field: 'AccountId' });
  if (first) return first.id === present ? {} : { AccountId: first.id };
  return present && dissociate.some(({ id }) => id === present) ? { AccountId: null } : {};
}
