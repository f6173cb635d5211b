import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useBar } from '../app/caller.ts';
import { api } from '../app/hub.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Answer } from '../ui/answer.tsx';
import { barWhileAway } from '../ui/bar-while-away.ts';
import { Failed } from '../ui/failed.tsx';
import { Moment } from '../ui/moment.tsx';
import { Nothing } from '../ui/nothing.tsx';
import { jobName } from './job-name.ts';
import { JobProgress } from './job-progress.tsx';
import { useJobs } from './job-queries.ts';
import { useWatchedJob, type Job } from './watched-job.ts';

const states: Readonly<Record<Job['state'], { readonly name: string; readonly look: string }>> = {
  queued: { name: 'Begins soon', look: 'calm' }, running: { name: 'Under way', look: 'good' }, waiting: { name: 'Rests', look: 'warn' },
  succeeded: { name: 'Done', look: 'good' }, failed: { name: 'Failed', look: 'bad' }, cancelled: { name: 'Cancelled', look: 'calm' },
};

/** The tenant's long work in all services, newest first; what runs is told live. */
export function JobList(): ReactElement {
  const jobs = useJobs();
  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs">Jobs</h2>
      <Answer query={jobs} what="jobs">
        {({ items, unavailable }) => (
          <>
            {unavailable.length > 0 && <p className="stale" role="status">{new Intl.ListFormat().format(unavailable)} {unavailable.length === 1 ? 'does' : 'do'} not answer at present: jobs there are missing from this list.</p>}
            {items.length === 0
              ? <Nothing title="There has been no long work yet.">Set-ups of accounts, complete readings and comparisons are listed here.</Nothing>
              : <ul className="cards">{items.map((job) => <li key={job.id}><JobCard listed={job} away={jobs.error} /></li>)}</ul>}
          </>
        )}
      </Answer>
    </section>
  );
}

/** @param away why the hub could not be asked just now; null where it answers */
function JobCard({ listed, away }: { readonly listed: Job; readonly away: Error | null }): ReactElement {
  const watched = useWatchedJob(listed.endedAt === undefined ? { service: listed.service, id: listed.id } : undefined, ['jobs']);
  const job = listed.endedAt === undefined ? watched ?? listed : listed;
  const { id, service, kind, state, acts, createdAt, endedAt, error, isCancelRequested } = job;
  const queries = useQueryClient();
  const bar = useBar('jobs:write') ?? barWhileAway(away);
  const onSuccess = (): Promise<void> => queries.invalidateQueries({ queryKey: ['jobs'] });
  const cancel = useMutation({ mutationFn: () => api.call('POST /v1/jobs/{service}/{id}/cancel', { path: { service, id } }), onSuccess });
  const resume = useMutation({ mutationFn: () => api.call('POST /v1/jobs/{service}/{id}/resume', { path: { service, id } }), onSuccess });
  const problem = cancel.error ?? resume.error;
  return (
    <article className="card" aria-label={jobName(kind)}>
      <div className="card-head"><h3>{jobName(kind)}</h3><span className={`state ${states[state].look}`}>{isCancelRequested && endedAt === undefined ? 'Ends soon' : states[state].name}</span></div>
      <p className="hint">Since <Moment at={createdAt} />{endedAt !== undefined && <>, ended <Moment at={endedAt} /></>}</p>
      <JobProgress job={job} name="Progress" />
      {error && <p className="wrong">{error.message}</p>}
      {problem !== null && <Failed problem={problem} />}
      <div className="acts">
        {acts.includes('cancel') && <ActButton barredBecause={bar} isPending={cancel.isPending} about={jobName(kind)} onAct={() => cancel.mutate()}>Cancel</ActButton>}
        {acts.includes('resume') && <ActButton barredBecause={bar} isPending={resume.isPending} about={jobName(kind)} onAct={() => resume.mutate()}>Resume</ActButton>}
      </div>
    </article>
  );
}
