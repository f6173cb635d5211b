import type { ReactElement } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { useHealth } from './connection-queries.ts';
import type { ConnectionView } from './vendors.ts';

const modes = {
  full: 'Full', light: 'Light', read_only: 'Read-only', none: 'None: nothing can be done with this account',
} as const;

/** What is known of an account beside its state: the last look at it, what it allows, and what it lacks for more. */
export function ConnectionFacts({ connection: { id } }: { readonly connection: ConnectionView }): ReactElement {
  const { data } = useHealth(id);
  const { lastProbe, capabilities, banner } = data ?? {};
  return (
    <>
      {banner?.severity === 'warning' && <p className="hint">{banner.text}</p>}
      <dl className="facts">
        <dt>Last probe</dt>
        <dd>{lastProbe === undefined ? 'None yet' : <>{lastProbe.outcome === 'succeeded' ? 'Answered' : 'Failed'}, <Moment at={lastProbe.at} />{lastProbe.message !== undefined && `: ${lastProbe.message}`}</>}</dd>
        {capabilities && <><dt>Mode</dt><dd>{modes[capabilities.mode]}{capabilities.edition !== undefined && ` (${capabilities.edition})`}</dd></>}
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
