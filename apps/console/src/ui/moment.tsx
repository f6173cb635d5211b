import type { ReactElement } from 'react';

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time in the reader's zone and language; pointing at it shows it in UTC. */
export function Moment({ at }: { readonly at: string }): ReactElement {
  const time = new Date(at);
  return <time dateTime={at} title={`${time.toISOString().replace('T', ' ').replace('Z', '')} UTC`}>{local.format(time)}</time>;
}
