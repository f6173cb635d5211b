import { deterministicId, Failure, type CompanyFields, type ContactFields, type CrmObject, type FieldValue } from '@crossdock/contracts';
import type { Likeness, RecordRef, RecordWrite } from '@crossdock/crm-connector';
import type { AccountMapping } from '../records/account-mappings.ts';
import type { PartResult, RequestedDeal } from './upsert-parts.ts';

type Account = Pick<AccountMapping, 'mapper'>;
type Written = PartResult | undefined;

/** An address in the form in which the hub compares and writes it. */
const normalAddress = (email: string): string => email.trim().toLowerCase();

/** By what a person is known: the address, or else the phone number. @throws Error where neither is there. */
export function nameOfContact({ email, phone }: ContactFields): string {
  const name = email === undefined ? phone : normalAddress(email);
  if (name === undefined) throw new Error('A contact was to be asked for that has neither e-mail nor phone number.');
  return name;
}

/**
 * A company is taken by its name as it is: what a customer typed into a shop changes nothing of it. It is made where there is none.
 * @returns undefined where the account's mapping keeps no name of a company.
 */
export function companyWrite(tenantId: string, fields: CompanyFields, account: Account): RecordWrite | Failure | undefined {
  const values = valuesOf(account, fields);
  if (values instanceof Failure) return values;
  const adoptBy = likenessBy(account, 'name', fields.name);
  if (!adoptBy) return undefined;
  const key = deterministicId('crm.company of order', tenantId, fields.name.trim().toLowerCase());
  return { target: { key, adoptBy: [adoptBy] }, fields: {}, whenCreated: { fields: values } };
}

/** A person is found by his address, whoever put him there; by his phone number where the record has no address. */
export function contactWrite(tenantId: string, fields: ContactFields, company: Written, account: Account): RecordWrite | Failure {
  const given = { ...fields, ...(fields.email !== undefined && { email: normalAddress(fields.email) }) };
  const values = valuesOf(account, given);
  if (values instanceof Failure) return values;
  const byEmail = given.email === undefined ? undefined : likenessBy(account, 'email', given.email);
  const byPhone = given.phone === undefined ? undefined : likenessBy(account, 'phone', given.phone);
  const adoptBy = [...(byEmail ? [byEmail] : []), ...(byPhone ? [{ ...byPhone, ...(byEmail && { whereEmpty: byEmail.field }) }] : [])];
  const companies = refsOf('company', company);
  return {
    target: { key: deterministicId('crm.contact of order', tenantId, nameOfContact(fields)), ...(adoptBy.length > 0 && { adoptBy }) },
    fields: values,
    // Whom people gave a company, or none, keeps it.
    ...(companies.length > 0 && { whenCreated: { associate: companies } }),
  };
}

/** A deal by the hub's key, with what was made of its contact and company; where those were refused it goes without them. */
export function dealWrite({ externalKey: key, fields, contactIds }: RequestedDeal, { contact, company }: { readonly contact: Written; readonly company: Written }, account: Account): RecordWrite | Failure {
  const values = valuesOf(account, fields);
  if (values instanceof Failure) return values;
  const contacts = refsOf('contact', contact);
  const known = contactIds.map((id): RecordRef => ({ object: 'contact', id }));
  const associate = [...(contacts.length > 0 ? contacts : known), ...refsOf('company', company)];
  return { target: { key }, fields: values, ...(associate.length > 0 && { associate }) };
}

/** @returns the first value that does not fit, where one does not: a record is written as it was asked for or not at all. */
function valuesOf({ mapper }: Account, fields: Readonly<Record<string, FieldValue | undefined>>): RecordWrite['fields'] | Failure {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const { fields: values, problems: [problem] } = mapper.toVendor(Object.fromEntries(given));
  return problem ?? values;
}

function likenessBy({ mapper }: Account, canonical: string, value: string): Likeness | undefined {
  const [found] = Object.entries(mapper.toVendor({ [canonical]: value }).fields);
  return found && typeof found[1] === 'string' ? { field: found[0], value: found[1], anyKey: true } : undefined;
}

function refsOf(object: CrmObject, result: Written): RecordRef[] {
  return result && !(result instanceof Failure) ? [{ object, id: result.id }] : [];
}
