import { ApiProblem } from '../../api/api-problem.ts';

const fields = ['name', 'sides'] as const;
/** Fields of a new sync that the hub finds fault with. */
export type SyncField = (typeof fields)[number];

/** What the hub says is wrong, by the field that it is about: `/sides` and what lies within are about the accounts. */
export function wrongFields(problem: unknown): ReadonlyMap<SyncField, string> {
  if (!(problem instanceof ApiProblem)) return new Map();
  return new Map(problem.errors.flatMap(({ pointer, detail }) => fields.filter((field) => pointer.split('/')[1] === field).map((field): [SyncField, string] => [field, detail])));
}
