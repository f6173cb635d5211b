/** Of several words about one thing the newest, and of those with one time the last. Times are ISO 8601 in UTC with milliseconds, so that text order is time order. */
export function newestOf<Word extends { readonly modifiedAt: string }>(words: readonly Word[], nameOf: (word: Word) => string): Word[] {
  const newest = new Map<string, Word>();
  for (const word of words) {
    const known = newest.get(nameOf(word));
    if (!known || word.modifiedAt >= known.modifiedAt) newest.set(nameOf(word), word);
  }
  return [...newest.values()];
}
