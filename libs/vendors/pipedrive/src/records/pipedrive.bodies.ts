import { derivedFields, type RecordWrite } from '@crossdock/crm-connector';
import { Failure, formatDecimal, type CrmObject, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { toSeconds } from '../pipedrive.mapping.ts';
import { currencyField, isHubDealField, kindOf, hubDealFields, type Row } from './pipedrive.kinds.ts';
import { mainOf, statusOf, toCustomValue } from './pipedrive.values.ts';

type Body = Record<string, unknown>;
type Fields = RecordWrite['fields'];

/**
 * What a write sends of the fields of a record; `present` is the record as it is, where it is there.
 * @returns a Failure `invalid` with the field where Pipedrive has no such field, would take what is no address for one, the owner has left, or the
 * company does not have the currency of an amount.
 */
export function toBody({ object, fields }: ObjectDescription, { fields: given, target }: RecordWrite, present: Row | undefined, codes: FieldCodes): Body | Failure {
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name && !field.isReadOnly));
  if (unknown !== undefined) return new Failure('invalid', `Pipedrive has no field ${unknown} of a ${object} that may be written.`, { field: unknown });
  // No document says what Pipedrive does about one who cannot see the record any more.
  const owner = fields.find(({ type }) => type === 'owner');
  if (owner?.options?.some(({ value, isActive }) => !isActive && value === given[owner.name])) {
    return new Failure('invalid', `The user to whom the ${object} is to be given has left the company: give it to another one.`, { field: owner.name });
  }
  if (typeof given['email'] === 'string' && !z.email().safeParse(given['email']).success) {
    return new Failure('invalid', 'The contact has no valid e-mail address; Pipedrive would take any text for one.', { field: 'email' });
  }
  const amount = Object.entries(given).find(([, value]) => isInUnknownCurrency(fields, value));
  if (amount) {
    return new Failure('invalid', `The Pipedrive company does not have the currency of this amount of the ${object}. An administrator adds it in Pipedrive's settings, under currencies.`, { field: amount[0] });
  }
  const custom = customOf(fields, given, codes);
  const hasKey = codes.key !== undefined && present !== undefined && Boolean(present.custom_fields[codes.key]);
  const all = { ...custom, ...('key' in target && codes.key !== undefined && !hasKey && { [codes.key]: target.key }) };
  return { ...ownOf(object, given, present), ...(Object.keys(all).length > 0 && { custom_fields: all }) };
}

/** No document says what Pipedrive does about an amount in a currency that the company does not have. */
function isInUnknownCurrency(fields: ObjectDescription['fields'], value: FieldValue): boolean {
  if (typeof value !== 'object' || value === null || !('currency' in value)) return false;
  const options = fields.find(({ name }) => name === currencyField)?.options;
  return options !== undefined && !options.some(({ value: code, isActive }) => isActive && code === value.currency);
}

function customOf(fields: ObjectDescription['fields'], given: Fields, codes: FieldCodes): Body {
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => {
    if (isHubDealField(name)) {
      const code = codes[hubDealFields[name].role];
      return code === undefined ? [] : [[code, value]];
    }
    const field = fields.find((each) => each.name === name);
    return field?.isCustom === true ? [[name, toCustomValue(field, value)]] : [];
  }));
}

function ownOf(object: CrmObject, given: Fields, present: Row | undefined): Body {
  const owner = given['owner_id'];
  const whose = typeof owner === 'string' ? { owner_id: Number(owner) } : {};
  if (object === 'contact') return { ...whose, ...nameOf(given, present), ...listOf('emails', given['email'], present?.emails), ...listOf('phones', given['phone'], present?.phones) };
  if (object === 'company') return { ...whose, ...taken(given, 'name'), ...taken(given, 'website') };
  return { ...whose, ...taken(given, 'title'), ...taken(given, 'expected_close_date'), ...stageOf(given), ...amountOf(given['value']), ...decisionOf(given, present) };
}

const taken = (given: Fields, name: string): Body => (given[name] === undefined ? {} : { [name]: given[name] });
const stageOf = ({ stage_id: stage }: Fields): Body => (typeof stage === 'string' ? { stage_id: Number(stage) } : {});

/** A deal without an amount has one of nothing: Pipedrive knows no other. */
function amountOf(value: FieldValue | undefined): Body {
  if (value === null) return { value: 0 };
  return typeof value === 'object' && 'amountMinor' in value ? { value: Number(formatDecimal(value)), currency: value.currency } : {};
}

/** A name is one text: what is not given of its two parts stays. One without any goes by the address. */
function nameOf(given: Fields, present: Row | undefined): Body {
  if (given['first_name'] === undefined && given['last_name'] === undefined) return present ? {} : withAddress(given);
  const part = (name: 'first_name' | 'last_name', before: string | null | undefined) => (given[name] === undefined ? before : given[name]);
  // A name of one word is told as a last name.
  const [first, last] = [part('first_name', present?.last_name ? present.first_name : null), part('last_name', present?.last_name ?? present?.name)];
  const name = [first, last].filter((text): text is string => typeof text === 'string' && text !== '').join(' ').slice(0, 255);
  return name === '' ? withAddress({ email: mainOf(present?.emails) ?? null, ...given }) : { name };
}

const withAddress = ({ email }: Fields): Body => (typeof email === 'string' ? { name: email } : {});

/** The main address or number becomes this one; the others of the list stay, which a write would else replace whole. */
function listOf(list: 'emails' | 'phones', value: FieldValue | undefined, present: Row['emails']): Body {
  if (value === undefined) return {};
  const main = mainOf(present);
  const others = (present ?? []).filter((each) => each.value !== '' && each.value !== main && each.value !== value).map((each) => ({ value: each.value, primary: false, ...(each.label && { label: each.label }) }));
  return { [list]: typeof value === 'string' ? [{ value, primary: true, label: 'work' }, ...others] : others };
}

/** An open deal keeps what people made of it, and one that is decided is not opened again. */
function decisionOf(given: Fields, present: Row | undefined): Body {
  const [status, closedAt] = [given[derivedFields.dealStatus], given[derivedFields.dealClosedAt]];
  const before = present && statusOf(present);
  const after = status === 'won' || status === 'lost' ? status : before;
  if (after !== 'won' && after !== 'lost') return {};
  return { ...(after !== before && { status: after }), ...(typeof closedAt === 'string' && { [`${after}_time`]: toSeconds(closedAt) }) };
}

/** The links of a record after a write. The first contact of a deal becomes its contact person, unless it has one already. */
export function linksOf(object: CrmObject, { associate = [], dissociate = [] }: RecordWrite, present: Row | undefined): Body {
  const idsOf = (refs: RecordWrite['associate'], kind: CrmObject): number[] => (refs ?? []).filter((ref) => ref.object === kind).map(({ id }) => Number(id));
  const link = (before: number | null | undefined, added: number | undefined, removed: readonly number[]) =>
    added !== undefined && added !== before ? added : added === undefined && before && removed.includes(before) ? null : undefined;
  const company = object === 'company' ? undefined : link(present?.org_id, idsOf(associate, 'company').at(-1), idsOf(dissociate, 'company'));
  const removed = idsOf(dissociate, 'contact');
  const hasPerson = present?.person_id !== undefined && present.person_id !== null && !removed.includes(present.person_id);
  const person = object !== 'deal' || hasPerson ? undefined : link(present?.person_id, idsOf(associate, 'contact')[0], removed);
  return { ...(company !== undefined && { org_id: company }), ...(person !== undefined && { person_id: person }) };
}

/** The records that a write names, which are none of Pipedrive's. */
export function strangerIn({ associate = [], dissociate = [] }: RecordWrite): Failure | undefined {
  const stranger = [...associate, ...dissociate].find(({ id }) => !/^[1-9]\d{0,14}$/.test(id));
  return stranger && new Failure('invalid', `A record that is associated has an id that is none of Pipedrive’s ${kindOf(stranger.object).path}.`, { field: stranger.object });
}
