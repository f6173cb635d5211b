import type { AnswerOf, RequestOf } from '../../api/route-types.ts';

export type Mapping = AnswerOf<'GET /v1/connections/{id}/mappings/{object}'>;
export type Rules = RequestOf<'POST /v1/connections/{id}/mappings/{object}/check'>['body'];
type SavedRule = Mapping['fields'][number];
export type Direction = SavedRule['direction'];
export type Transform = NonNullable<SavedRule['transform']>;

/** What somebody wants for one field of the hub: a field of the account with how it is read and written, or nothing at all. */
export type Choice = { readonly kind: 'off' } | {
  readonly kind: 'own';
  readonly field: string;
  readonly direction: Direction;
  /** The hub's word to the account's, the first of which is written. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly transform?: Transform;
};

/** What is wanted otherwise than by default, by the hub's name of the field. */
export type Draft = Readonly<Record<string, Choice>>;

/** What a mapping says otherwise than by default. */
export function draftOf({ fields, off }: Pick<Mapping, 'fields' | 'off'>): Draft {
  return draftOfRules({ fields: fields.filter(({ origin }) => origin === 'own'), off });
}

/** What a saved version says otherwise than by default. */
export function draftOfRules({ fields, off }: { readonly fields: ReadonlyArray<Omit<SavedRule, 'origin'>>; readonly off: readonly string[] }): Draft {
  const own = fields.map(({ canonical, field, direction, values = {}, transform }): [string, Choice] => [
    canonical,
    { kind: 'own', field, direction, values: Object.fromEntries(Object.entries(values).map(([word, theirs]) => [word, [theirs].flat()])), ...(transform && { transform }) },
  ]);
  return Object.fromEntries([...own, ...off.map((canonical): [string, Choice] => [canonical, { kind: 'off' }])]);
}

/** The same as the interface takes it. */
export function rulesOf(draft: Draft): Rules {
  const entries = Object.entries(draft);
  return {
    fields: entries.flatMap(([canonical, choice]) => {
      if (choice.kind === 'off') return [];
      const { field, direction, transform } = choice;
      const values = Object.fromEntries(Object.entries(choice.values).filter(([, words]) => words.length > 0).map(([word, words]) => [word, [...words]]));
      return [{ canonical, field, direction, ...(Object.keys(values).length > 0 && { values }), ...(transform && { transform }) }];
    }),
    off: entries.flatMap(([canonical, { kind }]) => (kind === 'off' ? [canonical] : [])),
  };
}

/** Another choice for one field; without one, the default holds again. */
export function withChoice(draft: Draft, canonical: string, choice: Choice | undefined): Draft {
  const { [canonical]: _, ...rest } = draft;
  return choice ? { ...rest, [canonical]: choice } : rest;
}

export function isSameChoice(one: Choice | undefined, other: Choice | undefined): boolean {
  return textOf(one) === textOf(other);
}

export function isSameDraft(one: Draft, other: Draft): boolean {
  return differingFields(one, other).length === 0;
}

/** The hub's fields for which two drafts want different things, in order. */
export function differingFields(one: Draft, other: Draft): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((canonical) => !isSameChoice(one[canonical], other[canonical])).sort();
}

/**
 * Brings together what two people made of the same mapping: where only one of them changed a field, that holds; where both did, `mine` does, so that nothing typed is
 * lost.
 */
export function mergeDrafts({ base, mine, theirs }: { readonly base: Draft; readonly mine: Draft; readonly theirs: Draft }): Draft {
  return differingFields(base, mine).reduce((merged, canonical) => withChoice(merged, canonical, mine[canonical]), theirs);
}

/** Equal for equal choices; the order of the words that one word stands for counts, since the first is written. */
function textOf(choice: Choice | undefined): string {
  if (!choice || choice.kind === 'off') return choice?.kind ?? '';
  const values = Object.entries(choice.values).filter(([, words]) => words.length > 0).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([choice.field, choice.direction, values, choice.transform]);
}
