import { derivedFields, type Likeness, type RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { isRecordId, queryByValues } from '../zoho.coql.ts';
import { keyField } from '../zoho.mapping.ts';
import { associationFieldsOf, lookups, moduleOf } from './zoho.modules.ts';

/** What a write has to know of the record that it means. */
export interface PresentRecord {
  readonly id: string;
  /** Empty where it keeps none. */
  readonly key: string;
  readonly stage?: string;
  readonly companyId?: string;
  readonly contactId?: string;
}

/** The record of each write that is there already and was looked at; a write by key of which nothing has to be known is not looked at. */
export async function findTargets(api: ZohoApi, object: CrmObject, writes: readonly RecordWrite[]): Promise<Map<RecordWrite, PresentRecord>> {
  const asked = writes.filter((write) => needsLook(object, write));
  const [byId, byKey] = [asked.filter(({ target }) => 'id' in target), asked.filter(({ target }) => 'key' in target)];
  const [ids, keys] = [byId.flatMap(({ target }) => ('id' in target && isRecordId(target.id) ? [target.id] : [])), byKey.flatMap(({ target }) => ('key' in target ? [target.key] : []))];
  const present = new Map((await look(api, object, 'id', ids)).map((record) => [record.id, record]));
  const keyed = new Map((await look(api, object, keyField, keys)).map((record) => [record.key.toLowerCase(), record]));
  const adoptable = await findAdoptable(api, object, byKey.filter(({ target }) => 'key' in target && !keyed.has(target.key.toLowerCase())));
  return new Map(asked.flatMap((write) => {
    const { target } = write;
    const record = 'id' in target ? present.get(target.id) : keyed.get(target.key.toLowerCase()) ?? adoptable.get(write);
    return record ? [[write, record] as const] : [];
  }));
}

/**
 * What a deal's stage becomes follows from the one it has; what is associated from what it names. A contact that is new needs
 * a last name. Everything else Zoho finds by itself.
 */
export function needsLook(object: CrmObject, { target, fields, whenCreated, associate = [], dissociate = [] }: RecordWrite): boolean {
  if ('key' in target && (target.adoptBy || whenCreated)) return true;
  if (object === 'contact') return dissociate.length > 0 || ('key' in target && fields['Last_Name'] === undefined) || Object.keys(fields).length + associate.length === 0;
  if (object === 'deal') return fields[derivedFields.dealStatus] !== undefined || associate.length + dissociate.length > 0 || Object.keys(fields).length === 0 || ('key' in target && fields['Stage'] === undefined);
  return Object.keys(fields).length === 0;
}

const linkSchema = z.object({ id: z.string() }).nullish();
const presentSchema = z.looseObject({
  id: z.string(), Stage: z.string().nullish(), [keyField]: z.string().nullish(), [lookups.company]: linkSchema.catch(undefined), [lookups.contact]: linkSchema.catch(undefined),
});

const columnsOf = (object: CrmObject): readonly string[] => [keyField, ...associationFieldsOf(object), ...(object === 'deal' ? ['Stage'] : [])];

async function look(api: ZohoApi, object: CrmObject, where: string, values: readonly string[]): Promise<PresentRecord[]> {
  const rows = await queryByValues(api, presentSchema, {
    module: moduleOf(object), fields: columnsOf(object), where, values: [...new Set(values)], operation: `${object}.query`,
  });
  return rows.map((row) => toFound(row, object));
}

function toFound(row: z.infer<typeof presentSchema>, object: CrmObject): PresentRecord {
  const { id, Stage: stage, [keyField]: key, [lookups.company]: company, [lookups.contact]: contact } = row;
  return {
    id, key: key ?? '', ...(stage && { stage }),
    ...(object !== 'company' && company && { companyId: company.id }), ...(contact && { contactId: contact.id }),
  };
}

/** For each write the oldest record that shows the first of its likenesses that any does; none is taken for two keys. */
async function findAdoptable(api: ZohoApi, object: CrmObject, writes: readonly RecordWrite[]): Promise<Map<RecordWrite, PresentRecord>> {
  const adopted = new Map<RecordWrite, PresentRecord>();
  const taken = new Map<string, string>();
  const wishesOf = ({ target }: RecordWrite) => ('key' in target ? (target.adoptBy ?? []).map((likeness: Likeness) => ({ ...likeness, key: target.key })) : []);
  for (let rank = 0; writes.some((write) => wishesOf(write).length > rank); rank += 1) {
    const wishes = writes.flatMap((write) => {
      const wish = adopted.has(write) ? undefined : wishesOf(write)[rank];
      return wish ? [{ write, ...wish }] : [];
    });
    for (const [field, ofField] of Map.groupBy(wishes, (wish) => wish.field)) {
      const more = ofField.flatMap(({ whereEmpty }) => whereEmpty ?? []);
      const rows = await queryByValues(api, presentSchema, {
        module: moduleOf(object), fields: [...new Set([...columnsOf(object), field, ...more])], where: field, values: [...new Set(ofField.map(({ value }) => value))], operation: `${object}.query`,
      });
      const oldestFirst = rows.toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
      for (const { write, key, value, anyKey, whereEmpty = '' } of ofField) {
        const row = oldestFirst.find((each) => (taken.get(each.id) ?? key) === key && (anyKey || !each[keyField]) && !each[whereEmpty] && String(each[field]).toLowerCase() === value.toLowerCase());
        if (!row) continue;
        taken.set(row.id, key);
        adopted.set(write, toFound(row, object));
      }
    }
  }
  return adopted;
}
