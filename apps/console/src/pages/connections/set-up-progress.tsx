import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { ApiProblem } from '../../api/api-problem.ts';
import { adviceFor } from '../../api/problem-advice.ts';
import { api } from '../../app/hub.ts';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { useWatchedJob } from '../../jobs/watched-job.ts';
import type { Vendor } from './vendors.ts';

const crmServices = { hubspot: 'crm-hubspot', salesforce: 'crm-salesforce', pipedrive: 'crm-pipedrive', zoho: 'crm-zoho', dynamics: 'crm-dynamics' } as const;

/** How far the preparation of a CRM account is, live; nothing once it has succeeded and the account lacks nothing. */
export function SetUpProgress({ connectionId, vendor }: { readonly connectionId: string; readonly vendor: Vendor }): ReactElement | null {
  const { data: setUp, error } = useQuery({
    queryKey: ['connections', connectionId, 'set-up'],
    // The service of the vendor hears of a new connection a moment later.
    queryFn: async ({ signal }) => api.call('GET /v1/connections/{id}/set-up', { path: { id: connectionId }, signal }).then(({ data }) => data, (problem: unknown) => {
      if (problem instanceof ApiProblem && problem.status === 404) return null;
      throw problem;
    }),
    refetchInterval: ({ state: { data } }) => (data === null || data === undefined ? 2_000 : 15_000),
  });
  const service = vendor in crmServices ? crmServices[vendor as keyof typeof crmServices] : undefined;
  const hasEnded = setUp?.job.state === 'succeeded' || setUp?.job.state === 'failed' || setUp?.job.state === 'cancelled';
  const job = useWatchedJob(service !== undefined && setUp && !hasEnded ? { service, id: setUp.job.id } : undefined, ['connections', connectionId]);
  if (setUp === undefined) return error === null ? null : <p className="hint">Set-up: cannot be read at present. {adviceFor(error)}</p>;
  if (setUp === null) return <p className="hint">Set-up: begins soon</p>;
  return (
    <div>
      {job && job.endedAt === undefined ? <JobProgress job={job} name="Set-up" /> : <p className="hint">Set-up: {endings[setUp.job.state]}</p>}
      {setUp.job.error && <p className="wrong">{setUp.job.error.message}</p>}
      {setUp.missing !== undefined && <p>{setUp.missing}</p>}
    </div>
  );
}

const endings = { queued: 'begins soon', running: 'under way', waiting: 'rests until the account answers again', succeeded: 'done', failed: 'failed', cancelled: 'was cancelled' } as const;
