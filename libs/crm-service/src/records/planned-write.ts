import { isDeepStrictEqual } from 'node:util';
import type { CrmRef, Failure, FieldValue, RequestedAction } from '@crossdock/contracts';
import type { RecordRef, RecordWrite, WriteTarget } from '@crossdock/crm-connector';
import type { AccountMapping } from './account-mappings.ts';

type RequestedWrite = Extract<RequestedAction, { kind: 'write' }>;

/** A request in the account's own form. */
export interface PlannedWrite {
  readonly write: RecordWrite;
  /** Those of the requested fields that the account keeps. */
  readonly kept: readonly string[];
  /** What reading them gives back where it is not what was requested. */
  readonly keptAs: Readonly<Record<string, FieldValue>>;
}

/** @returns the first value that does not fit, where one does not: a record is written as it was asked for or not at all. */
export function plannedWrite({ target, fields, associate = [], dissociate = [] }: RequestedWrite, account: Pick<AccountMapping, 'mapper'>): PlannedWrite | Failure {
  const values = account.mapper.toVendor(fields);
  const [problem] = values.problems;
  if (problem) return problem;
  return {
    write: {
      target: targetOf(target, account), fields: values.fields,
      ...(associate.length > 0 && { associate: associate.map(toRecordRef) }),
      ...(dissociate.length > 0 && { dissociate: dissociate.map(toRecordRef) }),
    },
    kept: Object.keys(values.kept),
    keptAs: Object.fromEntries(Object.entries(values.kept).filter(([name, value]) => !isDeepStrictEqual(value, fields[name]))),
  };
}

/** A record can be adopted only by a field that the account keeps. */
function targetOf(target: RequestedWrite['target'], { mapper }: Pick<AccountMapping, 'mapper'>): WriteTarget {
  if ('externalId' in target) return { id: target.externalId };
  const { externalKey: key, adoptBy } = target;
  if (!adoptBy) return { key };
  const [found] = Object.entries(mapper.toVendor({ [adoptBy.field]: adoptBy.value }).fields);
  const [field, value] = found ?? [];
  return field !== undefined && typeof value === 'string' ? { key, adoptBy: [{ field, value }] } : { key };
}

function toRecordRef({ object, externalId: id }: CrmRef): RecordRef {
  return { object, id };
}
