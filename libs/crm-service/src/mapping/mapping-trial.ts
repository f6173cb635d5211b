import { fieldValueSchema, type FieldValue, type ObjectDescription } from '@crossdock/contracts';
import type { CrmRecord, GoneRecord } from '@crossdock/crm-connector';
import { createRecordMapper, type CanonicalValues, type ObjectMapping, type RecordMapper } from '@crossdock/field-mapping';
import { z } from 'zod';

/** What one rule makes of one record; a value that is absent is not read, or not written. */
const fieldTrialSchema = z.object({
  canonical: z.string(),
  field: z.string(),
  atCrm: fieldValueSchema.exactOptional().describe('What the CRM has there now.'),
  before: fieldValueSchema.exactOptional().describe('What the hub reads now.'),
  after: fieldValueSchema.exactOptional().describe('What it would read.'),
  wouldWrite: fieldValueSchema.exactOptional()
    .describe('What the hub would write if it sent the record back unchanged: where it is not what the CRM has, the mapping loses something.'),
  problem: z.string().exactOptional(),
});

export const recordTrialSchema = z.object({
  id: z.string(),
  outcome: z.enum(['read', 'archived', 'merged', 'not_found']),
  fields: z.array(fieldTrialSchema).readonly(),
}).meta({ id: 'RecordTrial' });
export type RecordTrial = z.infer<typeof recordTrialSchema>;

/** Shows what a mapping would make of records that are there, beside what the present one makes of them. Nothing is written. */
export class MappingTrial {
  readonly #tried: ObjectMapping;
  readonly #present: RecordMapper;
  readonly #mapper: RecordMapper;

  constructor(present: ObjectMapping, tried: ObjectMapping, description: ObjectDescription) {
    this.#tried = tried;
    this.#present = createRecordMapper(present, description);
    this.#mapper = createRecordMapper(tried, description);
  }

  /** What both mappings read. */
  get fieldNames(): readonly string[] {
    return [...new Set([...this.#present.selectedFields, ...this.#mapper.selectedFields])];
  }

  of(id: string, record: CrmRecord | GoneRecord | undefined): RecordTrial {
    if (!record) return { id, outcome: 'not_found', fields: [] };
    if ('gone' in record) return { id, outcome: record.gone, fields: [] };
    const after = this.#mapper.toCanonical(record.fields);
    const [valuesBefore, valuesAfter] = [valuesOf(this.#present.toCanonical(record.fields)), valuesOf(after)];
    const back = this.#mapper.toVendor(Object.fromEntries(valuesAfter));
    const problems = new Map([...after.problems, ...back.problems].map(({ field, message }) => [field, message]));
    return {
      id, outcome: 'read',
      fields: this.#tried.fields.map(({ canonical, field, direction }) => ({
        canonical, field,
        ...present('atCrm', record.fields[field]),
        ...present('before', valuesBefore.get(canonical)),
        ...present('after', valuesAfter.get(canonical)),
        ...present('wouldWrite', direction === 'in' ? undefined : back.fields[field]),
        ...present('problem', problems.get(field)),
      })),
    };
  }
}

function valuesOf({ fields, custom, known }: CanonicalValues): Map<string, FieldValue> {
  return new Map(known.map((name) => [name, fields[name] ?? custom[name] ?? null]));
}

function present<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  const found: Partial<Record<Name, Value>> = {};
  if (value !== undefined) found[name] = value;
  return found;
}
