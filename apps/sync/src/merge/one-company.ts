import type { CrmObject, CrmVendor } from '@crossdock/contracts';
import type { SyncRules } from './sync-rules.ts';
import type { GoldenRecord } from './synced-record.ts';

/** Where a contact or deal belongs to several companies. Elsewhere one field of it names its company, and another one takes the place of that. */
const severalCompanies: ReadonlySet<CrmVendor> = new Set<CrmVendor>(['hubspot']);

export function takesOneCompany(vendor: CrmVendor): boolean {
  return !severalCompanies.has(vendor);
}

/**
 * What a record is to name in an account and does not name there yet. Where it takes one company, it keeps the one that it has as
 * long as that is among those of the golden record, and gets the first of them otherwise: the others are left out there.
 * @param wanted ids of golden records, sorted
 * @param present those that it names there
 */
export function associableAt(
  vendor: CrmVendor, wanted: readonly string[], present: readonly string[], kindOf: (goldenId: string) => CrmObject | undefined,
): string[] {
  const missing = wanted.filter((id) => !present.includes(id));
  if (!takesOneCompany(vendor)) return missing;
  const isCompany = (id: string): boolean => kindOf(id) === 'company';
  const company = wanted.find((id) => isCompany(id) && present.includes(id)) ?? wanted.find(isCompany);
  return missing.filter((id) => !isCompany(id) || id === company);
}

/** Where no account takes several companies, two that were named at the same moment become one: the first. */
export function withOneCompany(golden: GoldenRecord, { sides }: Pick<SyncRules, 'sides'>, isCompany: (goldenId: string) => boolean): GoldenRecord {
  if (!sides.every(({ vendor }) => takesOneCompany(vendor))) return golden;
  const [, ...others] = golden.associations.filter(isCompany);
  return others.length === 0 ? golden : { ...golden, associations: golden.associations.filter((id) => !others.includes(id)) };
}
