import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { operatedTenant, session } from '../../app/hub.ts';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { jobName } from '../../jobs/job-name.ts';
import { useJobs } from '../../jobs/job-queries.ts';
import { useConnections } from '../connections/connection-queries.ts';
import { vendorCards, type ConnectionView } from '../connections/vendors.ts';
import { InstallationPage } from './installation-page.tsx';
import { UsageTable } from './usage-table.tsx';

/** What people see first: operators who look at no tenant the installation, all others what needs a person, what runs, and how many calls vendors were asked. */
export function OverviewPage(): ReactElement {
  return session.isOperators && operatedTenant === undefined ? <InstallationPage /> : <TenantOverview />;
}

function TenantOverview(): ReactElement {
  return (
    <Page title="Overview">
      <Accounts />
      <RunningWork />
      <UsageTable />
    </Page>
  );
}

function Accounts(): ReactElement {
  const connections = useConnections();
  return (
    <section aria-labelledby="accounts">
      <h2 id="accounts">Accounts</h2>
      <Answer query={connections} what="accounts">
        {(all) => {
          const kept = all.filter(({ state }) => state !== 'disconnected');
          if (kept.length === 0) return <Nothing title="No account is connected yet."><Link to="/connections">Connect the first one.</Link></Nothing>;
          const troubled = kept.filter(({ state }) => state !== 'healthy');
          return (
            <>
              <p><span className="figure">{kept.length - troubled.length}</span> of {kept.length} {kept.length === 1 ? 'account is' : 'accounts are'} well.</p>
              {troubled.length > 0 && <ul>{troubled.map((connection) => <li key={connection.id}><Trouble connection={connection} /></li>)}</ul>}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Trouble({ connection: { vendor, accountName, stateReason, stateSince } }: { readonly connection: ConnectionView }): ReactElement {
  return <><Link to="/connections">{vendorCards[vendor].name}{accountName !== undefined && ` (${accountName})`}</Link>: {stateReason ?? 'is being connected'}, since <Moment at={stateSince} /></>;
}

function RunningWork(): ReactElement {
  const jobs = useJobs();
  return (
    <section aria-labelledby="work">
      <h2 id="work">Work under way</h2>
      <Answer query={jobs} what="jobs">
        {({ items }) => {
          const running = items.filter(({ endedAt }) => endedAt === undefined);
          const oldest = running.at(-1);
          if (oldest === undefined) return <Nothing title="Nothing long is under way.">Set-ups, complete readings and comparisons are shown here while they run.</Nothing>;
          return (
            <>
              <p><span className="figure">{running.length}</span> {running.length === 1 ? 'job' : 'jobs'}, the oldest since <Moment at={oldest.createdAt} />.</p>
              <ul className="cards">{running.slice(0, 6).map((job) => <li key={job.id} className="card"><JobProgress job={job} name={jobName(job.kind)} /></li>)}</ul>
              <p><Link to="/syncs">All jobs</Link></p>
            </>
          );
        }}
      </Answer>
    </section>
  );
}
