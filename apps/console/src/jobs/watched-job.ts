import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AnswerOf } from '../api/route-types.ts';
import { api } from '../app/hub.ts';
import { latestPerFrame } from '../ui/latest-per-frame.ts';

export type Job = AnswerOf<'GET /v1/jobs'>['items'][number];

/**
 * A job as it is now, told by the hub whenever it has moved on; undefined until the first word of it. When it has ended, what was read under `thenAnew` is read anew.
 */
export function useWatchedJob(job: { readonly service: Job['service']; readonly id: string } | undefined, thenAnew: QueryKey): Job | undefined {
  const [seen, setSeen] = useState<Job>();
  const queries = useQueryClient();
  const [service, id, anew] = [job?.service, job?.id, JSON.stringify(thenAnew)];
  useEffect(() => {
    if (service === undefined || id === undefined) return undefined;
    const ending = new AbortController();
    const { tell, stop } = latestPerFrame(setSeen);
    void (async () => {
      for await (const news of api.watch('GET /v1/jobs/{service}/{id}/events', { path: { service, id }, signal: ending.signal })) tell(news);
      await queries.invalidateQueries({ queryKey: JSON.parse(anew) as QueryKey });
    })().catch(() => undefined); // What the stream cannot tell is read by and by all the same.
    return () => {
      ending.abort();
      stop();
    };
  }, [service, id, anew, queries]);
  return seen?.id === id ? seen : undefined;
}
