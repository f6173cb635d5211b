import type { ReactElement } from 'react';
import type { Lineage } from '../../api/generated/types.ts';
import { formatCount } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { waitingOf } from './open-work.ts';

/** Where the record's orders stand, and what it waits for, with the reason where that is known. */
export function WaitingList({ now }: { readonly now: Lineage['now'] }): ReactElement {
  const waiting = waitingOf(now);
  return (
    <>
      {now.orders.map(({ orderId, status, since }) => <p key={orderId}>The order is <strong>{status.replaceAll('_', ' ')}</strong> since <Moment at={since} />.</p>)}
      {waiting.length === 0
        ? <p className="state good">It waits for nothing.</p>
        : (
          <ul className="cards">
            {waiting.map(({ key, what, since, because, attempts, nextTryAt, needsPerson }) => (
              <li key={key} className="card">
                <p className={`state ${needsPerson ? 'bad' : 'warn'}`}>{what}</p>
                <p className="hint">Since <Moment at={since} />{attempts !== undefined && attempts > 0 && `, after ${attempts === 1 ? 'one try' : `${formatCount(attempts)} tries`}`}</p>
                {because !== undefined && because !== '' && <p>{because}</p>}
                {nextTryAt !== undefined && <p>It is tried again at <Moment at={nextTryAt} />.</p>}
                {needsPerson && <p><strong>It does not go on by itself.</strong></p>}
              </li>
            ))}
          </ul>
        )}
    </>
  );
}
