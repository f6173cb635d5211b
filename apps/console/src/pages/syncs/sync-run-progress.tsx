import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { useBar } from '../../app/caller.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { formatCount } from '../../ui/amounts.ts';
import { Failed } from '../../ui/failed.tsx';
import { latestPerFrame } from '../../ui/latest-per-frame.ts';
import { Moment } from '../../ui/moment.tsx';
import { Progress } from '../../ui/progress.tsx';

type SyncRun = AnswerOf<'GET /v1/syncs/{id}/runs'>['items'][number];

const kinds = { load: 'Complete reading', reconciliation: 'Comparison' } as const;
const endings = { running: 'under way', succeeded: 'done', failed: 'failed', cancelled: 'cancelled' } as const;

/** The latest run of a sync, live while it is under way. */
export function SyncRunProgress({ syncId, run: listed }: { readonly syncId: string; readonly run: SyncRun }): ReactElement {
  const queries = useQueryClient();
  const run = useWatchedRun(syncId, listed);
  const bar = useBar('syncs:write');
  const cancel = useMutation({
    mutationFn: () => api.call('POST /v1/syncs/{id}/runs/{runId}/cancel', { path: { id: syncId, runId: run.id } }), onSuccess: () => queries.invalidateQueries({ queryKey: ['syncs'] }),
  });
  const compared = run.scans.reduce((sum, scan) => sum + scan.compared, 0);
  const told = run.scans.every((scan) => scan.told !== undefined) ? run.scans.reduce((sum, scan) => sum + (scan.told ?? 0), 0) : undefined;
  const differences = run.scans.reduce((sum, scan) => sum + scan.differences, 0);
  return (
    <div>
      <p className="hint">
        {kinds[run.kind]} of <Moment at={run.startedAt} />: {endings[run.state]}, {formatCount(compared)}{told === undefined ? '' : ` of ${formatCount(told)}`} records compared, {formatCount(differences)} differences
      </p>
      {run.message !== undefined && <p className="wrong">{run.message}</p>}
      {run.state === 'running' && (
        <div className="acts">
          <Progress share={told === undefined ? undefined : told === 0 ? 1 : Math.min(1, compared / told)} label="How far the run is" />
          <ActButton barredBecause={bar} isPending={cancel.isPending} onAct={() => cancel.mutate()}>Cancel the run</ActButton>
        </div>
      )}
      {cancel.error !== null && <Failed problem={cancel.error} />}
    </div>
  );
}

function useWatchedRun(syncId: string, listed: SyncRun): SyncRun {
  const [seen, setSeen] = useState<SyncRun>();
  const queries = useQueryClient();
  const isRunning = listed.state === 'running';
  useEffect(() => {
    if (!isRunning) return undefined;
    const ending = new AbortController();
    const { tell, stop } = latestPerFrame(setSeen);
    void (async () => {
      const path = { id: syncId, runId: listed.id };
      for await (const news of api.watch('GET /v1/syncs/{id}/runs/{runId}/events', { path, signal: ending.signal })) tell(news);
      await queries.invalidateQueries({ queryKey: ['syncs'] });
    })().catch(() => undefined); // What the stream cannot tell is read by and by all the same.
    return () => {
      ending.abort();
      stop();
    };
  }, [syncId, listed.id, isRunning, queries]);
  return isRunning && seen?.id === listed.id ? seen : listed;
}
