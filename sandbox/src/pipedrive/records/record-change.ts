import type { Deal } from './deal-records.ts';
import type { Organization } from './organization-records.ts';
import type { Person } from './person-records.ts';

/** Who changed a record: a person in Pipedrive's own pages, or a caller of the interface. */
export type ChangeSource = 'app' | 'api';

/** What a webhook tells of: the record as it is now and, of a change, the fields as they were. */
export type RecordChange =
  & { action: 'create' | 'change' | 'delete'; source: ChangeSource; previous: Readonly<Record<string, unknown>> | null; mergedInto?: number }
  & ({ entity: 'deal'; record: Deal } | { entity: 'person'; record: Person } | { entity: 'organization'; record: Organization });

/** Times have no fraction of a second in version 2. */
export function timeNow(): string {
  return toTime(new Date());
}

export function toTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
