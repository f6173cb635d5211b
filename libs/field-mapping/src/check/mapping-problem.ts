import { z } from 'zod';

/** What may be wrong with a mapping, as programs tell it. */
const problemCodes = [
  /** The account has no such field, or does not show it to the connection. */
  'unknown_field',
  /** A default was left out, because the account does not have its field. */
  'default_left_out',
  'read_only', 'type_misfit', 'transform_misfit', 'values_misfit',
  /** A named option is not there, or not active. */
  'option_missing', 'option_inactive',
  /** Canonical values that cannot be written, or vendor values that cannot be read. */
  'no_counterpart', 'not_readable',
  'ambiguous_value', 'unknown_value', 'written_twice', 'required_unfilled', 'too_long', 'day_only', 'foreign_ids',
  'nothing_to_switch_off', 'misspelt_canonical',
  /** What has changed in the account. */
  'field_removed', 'type_changed', 'became_read_only', 'became_required', 'became_shorter',
  'option_removed', 'option_renamed', 'option_deactivated', 'owners_left',
] as const;
type ProblemCode = (typeof problemCodes)[number];

/** Something about a mapping that its administrator has to know. It holds names of fields and options, and no data of records. */
export const mappingProblemSchema = z.strictObject({
  /** A mapping with an error is not saved; a warning tells what the hub will report, record by record. */
  severity: z.enum(['error', 'warning']),
  code: z.enum(problemCodes),
  /** The canonical field whose rule it is about. */
  canonical: z.string().exactOptional(),
  /** The vendor's name of the field that it is about. */
  field: z.string().exactOptional(),
  /** What is wrong. */
  message: z.string(),
  /** What to do. */
  remedy: z.string(),
});
export type MappingProblem = Readonly<z.infer<typeof mappingProblemSchema>>;

type ProblemMaker = (severity: MappingProblem['severity'], code: ProblemCode, message: string, remedy: string) => MappingProblem;

/** Problems of one rule. */
export function problemOf({ canonical, field }: { readonly canonical: string; readonly field: string }): ProblemMaker {
  return (severity, code, message, remedy) => ({ severity, code, canonical, field, message, remedy });
}

/** Words in a sentence: `a, b and c`, or the first five and how many more there are. */
export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const shown = words.length > 6 ? [...words.slice(0, 5), `${words.length - 5} more`] : words;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown.at(-1) ?? ''}`;
}
