import { derivedFields, type RecordWrite, type WriteTarget } from '@crossdock/crm-connector';
import { asFailure, Failure, type DealStatus, type FieldDescription, type ObjectDescription } from '@crossdock/contracts';
import { externalKeyProperty } from '../hubspot.mapping.ts';
import { stageFor, type DealPipeline } from './deal-pipelines.ts';
import { dealStatus } from './deal-status.ts';
import { toProperties } from './field-values.ts';
import { mustEmptyFirst, stageProperty } from './lifecycle-stage.ts';
import type { HubSpotRecord } from './record-reading.ts';

/** A write in HubSpot's words: the record that it changes, or the key under which it finds or makes one. */
export interface PlannedWrite {
  readonly write: RecordWrite;
  readonly target: { readonly id: string } | { readonly key: string };
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
  write: RecordWrite, found: HubSpotRecord | undefined, { description, pipelines }: { readonly description: ObjectDescription; readonly pipelines: readonly DealPipeline[] },
): PlannedWrite | Failure {
  try {
    const target = targetOf(write.target, found);
    const properties = { ...stageOf(write, { found, exists: 'id' in target, pipelines }), ...plainProperties(write, description) };
    const isAdopted = 'id' in target && 'key' in write.target && !found?.properties[externalKeyProperty];
    return {
      write, target,
      properties: isAdopted ? { ...properties, [externalKeyProperty]: write.target.key } : properties,
      emptiesStageFirst: 'id' in target && mustEmptyFirst(description, found?.properties[stageProperty], properties[stageProperty]),
    };
  } catch (thrown) {
    return asFailure(thrown);
  }
}

/** A record that was found by its address and keeps another key is not the one that is meant. */
function targetOf(target: WriteTarget, found: HubSpotRecord | undefined): PlannedWrite['target'] {
  if ('id' in target) return target;
  const key = found?.properties[externalKeyProperty];
  return found && (key === target.key || !key) ? { id: found.id } : { key: target.key };
}

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
