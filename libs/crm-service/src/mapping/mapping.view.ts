import { crmObjectSchema, timestampSchema } from '@crossdock/contracts';
import { canonicalFieldsOf, canonicalFieldViewSchema, fieldMappingSchema, mappingProblemSchema, type CheckedRules, type MappingRules } from '@crossdock/field-mapping';
import { z } from 'zod';
import type { AccountSchema } from './account-schema.repository.ts';
import type { MappingVersion, SavedRules } from './field-mapping.repository.ts';

const versionSchema = z.object({
  version: z.int(),
  savedBy: z.string(),
  savedAt: timestampSchema,
  isActive: z.boolean(),
});

/** A mapping as callers see it; times are ISO 8601 in UTC with milliseconds. */
export const mappingViewSchema = z.object({
  connectionId: z.uuid(),
  object: crmObjectSchema,
  version: z.int().describe('The version that holds; 0 is the defaults alone.'),
  fields: z.array(fieldMappingSchema.extend({
    origin: z.enum(['default', 'own']),
  })).readonly().describe('The rules that hold, the defaults among them.'),
  off: z.array(z.string()).readonly(),
  hubFields: z.array(canonicalFieldViewSchema).readonly().describe('The fields of the hub’s own; every other name is a field of the tenant’s.'),
  problems: z.array(mappingProblemSchema).readonly().describe('What is wrong with them, as the account looked when they were saved.'),
  drift: z.array(mappingProblemSchema).readonly().describe('What has changed in the account since, as far as it hits them.'),
  schemaFetchedAt: timestampSchema,
  checkedAt: timestampSchema.describe('When the account was last looked at for changes.'),
  versions: z.array(versionSchema).readonly().describe('All versions that were saved, the latest first.'),
}).meta({ id: 'Mapping' });
export type MappingView = z.infer<typeof mappingViewSchema>;

/** Versions with what each says otherwise than by default. */
export const mappingVersionPageSchema = z.object({
  items: z.array(versionSchema.extend({ fields: z.array(fieldMappingSchema).readonly(), off: z.array(z.string()).readonly() }).meta({ id: 'MappingVersion' })).readonly(),
  nextCursor: z.string().exactOptional(),
});
export type MappingVersionPage = z.infer<typeof mappingVersionPageSchema>;

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
    hubFields: [...canonicalFieldsOf(checked.mapping.object).values()].map(({ name, type, isRequired, choices }) => ({ name, type, isRequired, ...(choices && { choices }) })),
    problems: checked.problems,
    drift: schema.drift,
    schemaFetchedAt: schema.fetchedAt.toISOString(),
    checkedAt: schema.checkedAt.toISOString(),
    versions: versions.map(({ savedAt, ...rest }) => ({ ...rest, savedAt: savedAt.toISOString() })),
  };
}

export function viewSavedRules({ version, savedBy, savedAt, isActive, rules: { fields, off } }: SavedRules): MappingVersionPage['items'][number] {
  return { version, savedBy, savedAt: savedAt.toISOString(), isActive, fields, off };
}
