import { Link } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { DeadLetterSummary, InstallationDeadLetterSummary } from '../../api/generated/types.ts';
import { formatCount } from '../../ui/amounts.ts';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { deadLetterSearchOf } from './dead-letter-search.ts';
import { reasonName, whatItIs } from './dead-letter-words.ts';
import { TenantLettersLink } from './tenant-letters-link.tsx';

interface DeadLetterGroupsProps {
  /** Of a tenant, or of all tenant by tenant. */
  readonly summary: UseQueryResult<DeadLetterSummary> | UseQueryResult<InstallationDeadLetterSummary>;
}

/** How many there are of each sort, oldest first; each leads to its own. */
export function DeadLetterGroups({ summary }: DeadLetterGroupsProps): ReactElement {
  return (
    <section aria-labelledby="sorts">
      <h2 id="sorts">By what they are and why</h2>
      <Answer<DeadLetterSummary | InstallationDeadLetterSummary> query={summary} what="how many there are">
        {({ groups, isComplete, unavailable }) => (
          <>
            {unavailable.length > 0 && <p className="stale" role="status">{new Intl.ListFormat().format(unavailable)} {unavailable.length === 1 ? 'does' : 'do'} not answer at present: what is kept there is missing from this page.</p>}
            {groups.length === 0
              ? <Nothing title="Nothing is dead or parked.">What cannot be worked off, and work that rests until its account is mended, is listed here.</Nothing>
              : <GroupTable groups={groups} />}
            {!isComplete && <p className="hint">There are more than were counted.</p>}
          </>
        )}
      </Answer>
    </section>
  );
}

type Groups = DeadLetterSummary['groups'] | InstallationDeadLetterSummary['groups'];

function GroupTable({ groups }: { readonly groups: Groups }): ReactElement {
  const areOfAll = groups.some((group) => 'tenantId' in group);
  return (
    <div className="scroll" role="group" aria-label="Sorts" tabIndex={0}>
      <table>
        <thead><tr><th scope="col">What</th>{areOfAll && <th scope="col">Tenant</th>}<th scope="col">Why</th><th scope="col">Service</th><th scope="col" className="number">How many</th><th scope="col">Oldest</th></tr></thead>
        <tbody>
          {groups.map((group) => (
            <tr key={`${'tenantId' in group ? group.tenantId : ''} ${group.service} ${whatItIs(group)} ${group.reason}`}>
              <th scope="row"><Link to="/dead-letters" search={deadLetterSearchOf({ ...group })}>{whatItIs(group)}</Link></th>
              {'tenantId' in group && <td><TenantLettersLink of={group} /></td>}
              <td>{reasonName(group.reason)}</td><td>{group.service}</td><td className="number">{formatCount(group.count)}</td><td><Moment at={group.oldestAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
