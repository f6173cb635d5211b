import type { ReactElement } from 'react';

/** Says what is awaited; it comes into sight only when it takes longer than a glance. */
export function Loading({ what }: { readonly what: string }): ReactElement {
  return <p className="loading" role="status">Loading {what} …</p>;
}
