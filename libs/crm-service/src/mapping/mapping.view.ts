import type { CrmObject } from '@crossdock/contracts';
import type { CheckedRules, FieldMapping, MappingProblem, MappingRules } from '@crossdock/field-mapping';
import type { AccountSchema } from './account-schema.repository.ts';
import type { MappingVersion } from './field-mapping.repository.ts';

/** A mapping as callers see it; times are ISO 8601 in UTC with milliseconds. */
export interface MappingView {
  readonly connectionId: string;
  readonly object: CrmObject;
  /** The version that holds; 0 is the defaults alone. */
  readonly version: number;
  /** The rules that hold, the defaults among them. */
  readonly fields: ReadonlyArray<FieldMapping & { readonly origin: 'default' | 'own' }>;
  readonly off: readonly string[];
  /** What is wrong with them, as the account looked when they were saved. */
  readonly problems: readonly MappingProblem[];
  /** What has changed in the account since, as far as it hits them. */
  readonly drift: readonly MappingProblem[];
  readonly schemaFetchedAt: string;
  /** When the account was last looked at for changes. */
  readonly checkedAt: string;
  /** All versions that were saved, the latest first. */
  readonly versions: ReadonlyArray<{ readonly version: number; readonly savedBy: string; readonly savedAt: string; readonly isActive: boolean }>;
}

interface MappingState {
  readonly connectionId: string;
  readonly version: number;
  readonly rules: MappingRules;
  readonly checked: CheckedRules;
  readonly schema: AccountSchema;
  readonly versions: readonly MappingVersion[];
}

export function viewMapping({ connectionId, version, rules, checked, schema, versions }: MappingState): MappingView {
  const own = new Set(rules.fields.map(({ canonical }) => canonical));
  return {
    connectionId, object: checked.mapping.object, version,
    fields: checked.mapping.fields.map((rule) => ({ ...rule, origin: own.has(rule.canonical) ? 'own' : 'default' })),
    off: rules.off,
    problems: checked.problems,
    drift: schema.drift,
    schemaFetchedAt: schema.fetchedAt.toISOString(),
    checkedAt: schema.checkedAt.toISOString(),
    versions: versions.map(({ savedAt, ...rest }) => ({ ...rest, savedAt: savedAt.toISOString() })),
  };
}
