import { useId, type ReactElement } from 'react';
import { formatShare } from './amounts.ts';

/** How far something is, from 0 to 1; undefined while nobody knows how much there is to do. */
export function Progress({ share, label }: { readonly share: number | undefined; readonly label: string }): ReactElement {
  const id = useId();
  return (
    <span className="progress">
      <label htmlFor={id} className="unseen">{label}</label>
      <progress id={id} max={1} {...(share !== undefined && { value: share })} />
      <span aria-hidden="true">{share === undefined ? '' : formatShare(share)}</span>
    </span>
  );
}
