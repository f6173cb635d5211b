import type { ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';
import { BudgetMeters } from './budget-meters.tsx';
import { useHealth } from './connection-queries.ts';
import type { ConnectionView } from './vendors.ts';

const modes = {
  full: 'Full', light: 'Light', read_only: 'Read-only', none: 'None: nothing can be done with this account',
} as const;

/** What is known of an account beside its state: the last look at it, what it allows and lacks for more, and what is used of its limits. */
export function ConnectionFacts({ connection: { id } }: { readonly connection: ConnectionView }): ReactElement {
  return <Answer query={useHealth(id)} what="how the account stands">{(health) => <Facts health={health} />}</Answer>;
}

function Facts({ health: { lastProbe, capabilities, banner, budget } }: { readonly health: AnswerOf<'GET /v1/connections/{id}/health'> }): ReactElement {
  return (
    <>
      {banner?.severity === 'warning' && <p className="hint">{banner.text}</p>}
      <dl className="facts">
        <dt>Last probe</dt>
        <dd>{lastProbe === undefined ? 'None yet' : <>{lastProbe.outcome === 'succeeded' ? 'Answered' : 'Failed'}, <Moment at={lastProbe.at} />{lastProbe.message !== undefined && `: ${lastProbe.message}`}</>}</dd>
        {capabilities && <><dt>Mode</dt><dd>{modes[capabilities.mode]}{capabilities.edition !== undefined && ` (${capabilities.edition})`}</dd></>}
        <dt>Budget used</dt>
        <dd><BudgetMeters budget={budget} /></dd>
      </dl>
      {capabilities !== undefined && capabilities.missing.length > 0 && (
        <details>
          <summary>What is missing for more ({capabilities.missing.length})</summary>
          <ul>{capabilities.missing.map(({ name, consequence }) => <li key={name}>{consequence}</li>)}</ul>
        </details>
      )}
    </>
  );
}
