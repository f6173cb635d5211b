import type { ReactElement, ReactNode } from 'react';

/** Stands where a list would be: that it is empty, and what would fill it. */
export function Nothing({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return <div className="nothing"><p><strong>{title}</strong></p><p>{children}</p></div>;
}
