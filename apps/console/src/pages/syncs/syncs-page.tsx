import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../app/hub.ts';
import { JobList } from '../../jobs/job-list.tsx';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { NewSync } from './new-sync.tsx';
import { SyncCard } from './sync-card.tsx';

/** What is kept in step between which accounts, and all long work of the tenant. */
export function SyncsPage(): ReactElement {
  const syncs = useQuery({ queryKey: ['syncs'], queryFn: async ({ signal }) => (await api.call('GET /v1/syncs', { query: { limit: 200 }, signal })).data.items, refetchInterval: 15_000 });
  return (
    <Page title="Syncs and jobs">
      <section aria-labelledby="syncs">
        <h2 id="syncs">Syncs</h2>
        <Answer query={syncs} what="syncs">
          {(items) => (items.length === 0
            ? <Nothing title="Nothing is kept in step yet.">A sync keeps contacts, companies or deals the same in two or more accounts. Begin one below.</Nothing>
            : <ul className="cards">{items.map((sync) => <li key={sync.id}><SyncCard sync={sync} /></li>)}</ul>)}
        </Answer>
        <NewSync />
      </section>
      <JobList />
    </Page>
  );
}
