/** What a map holds by a key, made where there is nothing yet. */
export function entryOf<Key, Entry>(entries: Map<Key, Entry>, key: Key, make: (key: Key) => Entry): Entry {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  entries.set(key, made);
  return made;
}

export function newMap<Key, Entry>(): Map<Key, Entry> {
  return new Map();
}
