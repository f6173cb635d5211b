import type { CrmObject, FieldValue } from '@crossdock/contracts';
import { associableAt } from './one-company.ts';
import type { SyncRules } from './sync-rules.ts';
import { isSame, newLink, type SyncedRecord } from './synced-record.ts';

/** What an account is to be brought up to. */
export interface DueWrite {
  readonly connectionId: string;
  /** Absent where the record is to be created there, or found by its key. */
  readonly externalId?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Ids of golden records. */
  readonly associate: readonly string[];
  readonly dissociate: readonly string[];
}

/**
 * What is to be written to an account so that it holds what the golden record says; undefined where nothing is, where a write is
 * under way, or where the account has refused just this.
 * @param kindThere the kind of a golden record that has its counterpart in the account: only such ones are associated.
 */
export function dueWrite(
  { golden, links }: SyncedRecord, connectionId: string, rules: SyncRules, kindThere: (goldenId: string) => CrmObject | undefined,
): DueWrite | undefined {
  const side = rules.sides.find((each) => each.connectionId === connectionId);
  const link = links.get(connectionId) ?? newLink(connectionId);
  if (!side?.writes || golden.state === 'gone' || link.state === 'gone' || link.pending) return undefined;

  const fields = Object.fromEntries(Object.entries(golden.fields).filter(([name, value]) =>
    !isSame(link.seen[name]?.ours, value) && !(name in link.held) && !link.unkept.includes(name)));
  const associate = associableAt(side.vendor, golden.associations, link.associations, kindThere).filter((id) => kindThere(id) !== undefined);
  const dissociate = link.associations.filter((id) => !golden.associations.includes(id) && kindThere(id) !== undefined);
  const isNew = link.externalId === undefined;
  if (!isNew && Object.keys(fields).length + associate.length + dissociate.length === 0) return undefined;
  if (link.refusal && isSameWrite(link.refusal, { fields, associate, dissociate })) return undefined;
  return { connectionId, ...(link.externalId !== undefined && { externalId: link.externalId }), fields, associate, dissociate };
}

type Write = Pick<DueWrite, 'fields' | 'associate' | 'dissociate'>;

/** Whether the account would have to take nothing but what it has refused already. */
function isSameWrite(refused: Write, due: Write): boolean {
  return isSameSet(refused.fields, due.fields) && isSame([...refused.associate], [...due.associate]) && isSame([...refused.dissociate], [...due.dissociate]);
}

function isSameSet(one: Readonly<Record<string, FieldValue>>, other: Readonly<Record<string, FieldValue>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && isSame(one[name], other[name]));
}
