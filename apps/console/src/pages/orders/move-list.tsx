import type { ReactElement } from 'react';
import { Moment } from '../../ui/moment.tsx';
import type { OrderMove } from './machine-layout.ts';
import { statusName } from './status-name.ts';

const askers: Readonly<Record<string, string>> = { shop: 'the shop', crm: 'the CRM', shipping: 'its parcel' };

/** An order's moves, oldest first, refused ones with the reason. */
export function MoveList({ moves }: { readonly moves: readonly OrderMove[] }): ReactElement {
  return (
    <ol className="moves">
      {moves.map(({ at, from, to, by, refusal }) => (
        <li key={`${at} ${from} ${to}`}>
          <span className={`state ${refusal === undefined ? 'good' : 'bad'}`}>{statusName(from)} → {statusName(to)}{refusal !== undefined && ', refused'}</span>{' '}
          <span className="hint"><Moment at={at} />, asked for by {askers[by] ?? by}</span>
          {refusal !== undefined && <p>{refusal}</p>}
        </li>
      ))}
    </ol>
  );
}
