import { parse, v5 } from 'uuid';

const namespace = parse('5b1d2a0e-6f0c-4c57-9a53-0e7a9d1c7f11');

/**
 * The same parts always give the same UUID (version 5): an effect that is tried again after a crash gets the id it
 * had before, so whoever hears of it twice recognises the repeat.
 */
export function deterministicId(...parts: readonly [string, ...string[]]): string {
  return v5(Buffer.from(JSON.stringify(parts)), namespace);
}
