import { objectTypeFacts, objectTypeOf, type CrmObjectType } from './crm-object-types.ts';
import type { CrmRecord } from './crm-records.ts';
import type { Portal } from '../hubspot-accounts.ts';

export interface RecordAnswer {
  id: string;
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  archivedAt?: string;
  url: string;
  associations?: Record<string, { results: { id: string; type: string }[] }>;
}

/** A record as a reader sees it: the properties asked for (null when empty) and the ones that are always there. */
export function recordAnswer(portal: Portal, record: CrmRecord, properties: readonly string[]): RecordAnswer {
  const facts = objectTypeFacts[record.type];
  const known = properties.filter((name) => portal.definitions.find(record.type, name) !== undefined);
  const wanted =
    properties.length === 0
      ? facts.defaultProperties
      : [...new Set([...known, 'createdate', 'hs_object_id', facts.modifiedProperty])];
  return {
    ...frame(portal, record),
    properties: Object.fromEntries([...wanted].sort().map((name) => [name, record.properties[name] ?? null])),
  };
}

/** A record as a writer gets it back: everything it holds. */
export const fullRecordAnswer = (portal: Portal, record: CrmRecord): RecordAnswer => ({
  ...frame(portal, record),
  properties: { ...record.properties },
});

const frame = (portal: Portal, record: CrmRecord): Omit<RecordAnswer, 'properties'> => ({
  id: record.id,
  createdAt: record.createdAt,
  updatedAt: record.updatedAt,
  archived: record.archivedAt !== null,
  ...(record.archivedAt === null ? {} : { archivedAt: record.archivedAt }),
  url: `https://app.hubspot.com/contacts/${String(portal.portalId)}/record/${objectTypeFacts[record.type].typeId}/${record.id}`,
});

/** The `associations` part of a read: only types that have any are there. */
export function withAssociations(portal: Portal, record: CrmRecord, answer: RecordAnswer, names: string[]): RecordAnswer {
  const associations: NonNullable<RecordAnswer['associations']> = {};
  for (const type of names.map((name) => objectTypeOf(name))) {
    const results = portal.associations
      .of(record, type)
      .map(({ id }) => ({ id, type: associationName(record.type, type) }));
    if (results.length > 0) associations[type] = { results };
  }
  return Object.keys(associations).length === 0 ? answer : { ...answer, associations };
}

const associationName = (from: CrmObjectType, to: CrmObjectType): string =>
  `${objectTypeFacts[from].singular}_to_${objectTypeFacts[to].singular}`;
