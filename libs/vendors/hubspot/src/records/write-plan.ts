import { asCreation, derivedFields, type RecordWrite, type WriteTarget } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type DealStatus, type FieldDescription, type ObjectDescription } from '@crossdock/contracts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { stageFor, type DealPipeline } from './deal-pipelines.ts';
import { dealStatus } from './deal-status.ts';
import { toProperties } from './field-values.ts';
import { mustEmptyFirst, stageProperty } from './lifecycle-stage.ts';
import type { HubSpotRecord } from './record-reading.ts';

/** A write in HubSpot's words: the record that it changes, or the unique value under which it finds or makes one. */
export interface PlannedWrite {
  readonly write: RecordWrite;
  readonly target: { readonly id: string } | { readonly idProperty: string; readonly value: string };
  /** Whether that record was looked at and is there. */
  readonly isFound: boolean;
  readonly properties: Record<string, string>;
  /** HubSpot takes the stage only of a record that has none. */
  readonly emptiesStageFirst: boolean;
}

const statuses: readonly DealStatus[] = ['open', 'won', 'lost'];

/** The status that a deal is to have, where the write says one. */
export function wantedStatus({ fields }: RecordWrite): DealStatus | undefined {
  return statuses.find((status) => status === fields[derivedFields.dealStatus]);
}

/**
 * @param found the record that there is, where it had to be looked up
 * @returns a Failure `invalid` where a value has no form at HubSpot, or the account lacks the field
 */
export function planWrite(
  wanted: RecordWrite, found: HubSpotRecord | undefined, { description, pipelines }: { readonly description: ObjectDescription; readonly pipelines: readonly DealPipeline[] },
): PlannedWrite | Failure {
  try {
    const target = isFoundByEmail(description.object, wanted) ? { idProperty: 'email', value: emailOf(wanted) } : targetOf(wanted.target, found);
    // Associations wait for the answer, which says whether the record was created.
    const write = 'id' in target ? wanted : { ...asCreation(wanted), associate: wanted.associate ?? [] };
    const properties = { ...stageOf(write, { found, exists: 'id' in target, pipelines }), ...plainProperties(write, description) };
    const isAdopted = 'id' in target && 'key' in write.target && !found?.properties[externalKeyProperty];
    return {
      write: wanted, target, isFound: found !== undefined,
      properties: isAdopted ? { ...properties, [externalKeyProperty]: write.target.key } : properties,
      emptiesStageFirst: 'id' in target && mustEmptyFirst(description, found?.properties[stageProperty], properties[stageProperty]),
    };
  } catch (thrown) {
    return asFailure(thrown);
  }
}

function targetOf(target: WriteTarget, found: HubSpotRecord | undefined): PlannedWrite['target'] {
  if ('id' in target) return target;
  return found ? { id: found.id } : { idProperty: externalKeyProperty, value: target.key };
}

/** A contact that is meant by his address alone, whatever key he keeps, is found by the write itself: HubSpot takes it for unique. */
export function isFoundByEmail(object: CrmObject, { target, fields, whenCreated }: RecordWrite): boolean {
  const [first, second] = 'key' in target ? target.adoptBy ?? [] : [];
  return object === 'contact' && first?.field === 'email' && first.anyKey === true && second === undefined
    && whenCreated?.fields === undefined && fields[stageProperty] === undefined;
}

const emailOf = ({ target }: RecordWrite): string => ('key' in target ? target.adoptBy?.[0]?.value.toLowerCase() ?? '' : '');

/** A deal that is open keeps the stage that people gave it, and so does one that they have decided already; it is not opened again. */
function stageOf(write: RecordWrite, { found, exists, pipelines }: { found: HubSpotRecord | undefined; exists: boolean; pipelines: readonly DealPipeline[] }): Record<string, string> {
  const status = wantedStatus(write);
  if (status === undefined || (exists && status === 'open')) return {};
  if (found && exists && dealStatus(found.properties) === status) return {};
  return stageFor(status, pipelines, exists ? found?.properties['pipeline'] ?? undefined : undefined);
}

function plainProperties({ fields }: RecordWrite, { fields: described }: ObjectDescription): Record<string, string> {
  const byName = new Map<string, FieldDescription>(described.map((field) => [field.name, field]));
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => {
    const field = byName.get(name);
    if (!field) throw new Failure('invalid', `This HubSpot account has no property ${name}: map the field to another one.`, { field: name });
    if (name === derivedFields.dealStatus) {
      if (value === null || statuses.some((status) => status === value)) return [];
      throw new Failure('invalid', `A deal is ${statuses.join(', ')}, and nothing else.`, { field: name });
    }
    // HubSpot needs a close date for its forecast: that of an open deal is left as it is.
    if (name === derivedFields.dealClosedAt) return value === null ? [] : Object.entries(toProperties({ ...field, name: 'closedate' }, value));
    return Object.entries(toProperties(field, value));
  }));
}
