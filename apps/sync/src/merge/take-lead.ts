import type { FieldValue } from '@crossdock/contracts';
import { isBackward, stageField } from './lifecycle-stage.ts';
import type { SyncRules } from './sync-rules.ts';
import { isSame, type FieldOrigin, type SyncedRecord } from './synced-record.ts';

/** What somebody said of himself, or another system of him. */
export interface LeadFields {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** Values to fill in; none is null. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields that are to hold these values even where they hold others. */
  readonly overwrite: readonly string[];
  /** The stage may go back. */
  readonly moveBack: boolean;
}

/**
 * Takes over what a lead says: it fills what is empty, replaces what it names, and moves the stage forward, or back where it says
 * so. What one account alone may say is filled and never replaced. A value that was only filled in gives way to the first account
 * that tells another one. @returns the names of the fields that changed.
 */
export function takeLead({ golden, links }: SyncedRecord, lead: LeadFields, { authority }: Pick<SyncRules, 'authority'>): { record: SyncedRecord; changed: string[] } {
  const fields: Record<string, FieldValue> = { ...golden.fields };
  const origins = new Map<string, FieldOrigin>(Object.entries(golden.origins));
  const changed: string[] = [];
  for (const [name, theirs] of Object.entries(lead.fields)) {
    const ours = fields[name] ?? null;
    const replaces = name === stageField ? lead.moveBack || !isBackward(ours, theirs) : lead.overwrite.includes(name);
    if (isSame(ours, theirs) || (ours !== null && (!replaces || authority[name] !== undefined))) continue;
    fields[name] = theirs;
    if (ours === null) origins.delete(name);
    else origins.set(name, { connectionId: lead.id, at: lead.receivedAt });
    changed.push(name);
  }
  if (changed.length === 0) return { record: { golden, links }, changed };
  return { record: { golden: { ...golden, fields, origins: Object.fromEntries(origins) }, links }, changed };
}
