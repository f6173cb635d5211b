import { useCallback, useSyncExternalStore } from 'react';
import type { Draft } from './mapping-draft.ts';

/** Work on a mapping that is not saved yet, and what it started from. */
export interface KeptDraft {
  readonly mine: Draft;
  readonly base: Draft;
  /** The version that it started from. */
  readonly version: number;
  readonly etag: string | undefined;
}

const kept = new Map<string, KeptDraft>();
const listeners = new Set<() => void>();

window.addEventListener('beforeunload', (event) => {
  if (kept.size > 0) event.preventDefault();
});

/**
 * Work that is not saved yet, by a name. It is kept while the window is open, so that who looks at another page finds it again; who closes the window with some in it
 * is asked first.
 */
export function useKeptDraft(name: string): readonly [KeptDraft | undefined, (draft: KeptDraft | undefined) => void] {
  const draft = useSyncExternalStore(listen, () => kept.get(name));
  const keep = useCallback((next: KeptDraft | undefined) => {
    if (next) kept.set(name, next);
    else kept.delete(name);
    for (const listener of listeners) listener();
  }, [name]);
  return [draft, keep];
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
