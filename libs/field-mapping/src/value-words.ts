import type { FieldMapping } from './field-mapping.ts';

/**
 * The two lists of words of one rule. A word that is not named is the same on both sides, unless it already stands for another
 * one: then it has no counterpart, since what it was could not be told any more.
 */
export class ValueWords {
  readonly #vendorOf = new Map<string, string>();
  readonly #canonicalOf = new Map<string, string>();
  /** Vendor words that are given to more than one canonical word. */
  readonly ambiguous: readonly string[];

  constructor(values: NonNullable<FieldMapping['values']>) {
    const ambiguous = new Set<string>();
    for (const [canonical, words] of Object.entries(values)) {
      const [first = canonical, ...others] = typeof words === 'string' ? [words] : words;
      this.#vendorOf.set(canonical, first);
      for (const word of [first, ...others]) {
        if (this.#canonicalOf.has(word) && this.#canonicalOf.get(word) !== canonical) ambiguous.add(word);
        else this.#canonicalOf.set(word, canonical);
      }
    }
    this.ambiguous = [...ambiguous];
  }

  /** The vendor's words that the rule names. */
  get vendorWords(): readonly string[] {
    return [...this.#canonicalOf.keys()];
  }

  /** @param isRead whether what is written is read again, and must come back as it was. */
  toVendor(canonical: string, isRead: boolean): string | undefined {
    return this.#vendorOf.get(canonical) ?? (isRead && this.#canonicalOf.has(canonical) ? undefined : canonical);
  }

  toCanonical(word: string): string | undefined {
    return this.#canonicalOf.get(word) ?? (this.#vendorOf.has(word) ? undefined : word);
  }
}
