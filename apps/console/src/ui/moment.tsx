import type { ReactElement } from 'react';

const local = { minute: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }), second: new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }) };

/** A time in the reader's zone and language, of one that is seconds away to the second; pointing at it shows it in UTC. */
export function Moment({ at, to = 'minute' }: { readonly at: string; readonly to?: 'minute' | 'second' }): ReactElement {
  const time = new Date(at);
  return <time dateTime={at} title={`${time.toISOString().replace('T', ' ').replace('Z', '')} UTC`}>{local[to].format(time)}</time>;
}
