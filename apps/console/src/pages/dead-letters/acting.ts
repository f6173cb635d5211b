import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../app/hub.ts';
import type { DeadLetterSummary } from '../../api/generated/types.ts';
import { keyOf, useTakeOut, type Line, type LineKey } from './dead-letter-queries.ts';
import { filterOf, type DeadLetterSearch } from './dead-letter-search.ts';

export type Act = 'replay' | 'discard';
type Service = Line['service'];

/** What is to be done, to what, and why. */
export interface Wish {
  readonly act: Act;
  readonly reason: string;
  /** Those that were chosen, or all that are looked for. */
  readonly of: readonly Pick<Line, 'service' | 'id'>[] | DeadLetterSearch;
}

/** How far it is. */
export interface Tally {
  readonly done: number;
  /** Those that failed again, which stay. */
  readonly failed: number;
  /** Those with which somebody else was faster. */
  readonly gone: number;
}

type Acting = UseMutationResult<Tally, Error, Wish> & {
  /** While it is under way, and of the last one that ended. */
  readonly tally: Tally;
  readonly stop: () => void;
};

/** As many as one call takes. */
const batchSize = 100;
const nothingYet: Tally = { done: 0, failed: 0, gone: 0 };

/** Replays and discards, a batch after the other; stopping ends it behind the batch that is under way. */
export function useActing(groups: DeadLetterSummary['groups'], onEnd: (wish: Wish) => void): Acting {
  const [tally, setTally] = useState(nothingYet);
  const [stopper, setStopper] = useState<AbortController>();
  const takeOut = useTakeOut();
  const mutation = useMutation({
    mutationFn: async (wish: Wish) => {
      const controller = new AbortController();
      setStopper(controller);
      setTally(nothingYet);
      let sum = nothingYet;
      const gone = new Set<LineKey>();
      try {
        for await (const { service, results } of 'length' in wish.of ? actOnChosen(wish, wish.of) : actOnAll(wish, wish.of, groups)) {
          for (const { id, result } of results) if (result !== 'failed') gone.add(keyOf({ service, id }));
          sum = add(sum, results);
          setTally(sum);
          if (controller.signal.aborted) break;
        }
      } finally {
        takeOut(gone);
      }
      return sum;
    },
    onSuccess: (_, wish) => onEnd(wish),
  });
  return { ...mutation, tally, stop: () => stopper?.abort() };
}

interface Batch {
  readonly service: Service;
  readonly results: ReadonlyArray<{ readonly id: string; readonly result: string }>;
}

async function* actOnChosen({ act, reason }: Wish, chosen: readonly Pick<Line, 'service' | 'id'>[]): AsyncGenerator<Batch> {
  const byService = Map.groupBy(chosen, ({ service }) => service);
  for (const [service, lines] of byService) {
    for (let from = 0; from < lines.length; from += batchSize) {
      const { data } = await call(act, service, { reason, ids: lines.slice(from, from + batchSize).map(({ id }) => id) });
      yield { service, results: data.results };
    }
  }
}

/** Of what was there when it began: what dies anew meanwhile is not done again. */
async function* actOnAll({ act, reason }: Wish, search: DeadLetterSearch, groups: DeadLetterSummary['groups']): AsyncGenerator<Batch> {
  const { service: wanted, before = new Date().toISOString(), ...filter } = filterOf(search, Date.now());
  const services = wanted === undefined ? new Set(groups.map(({ service }) => service)) : [wanted];
  for (const service of services) {
    let cursor: string | undefined;
    do {
      const { data } = await call(act, service, { reason, filter: { ...filter, before }, limit: batchSize, ...(cursor !== undefined && { cursor }) });
      yield { service, results: data.results };
      cursor = data.nextCursor;
    } while (cursor !== undefined);
  }
}

type Body = Parameters<typeof api.call<'POST /v1/dead-letters/{service}/replay'>>[1]['body'];

function call(act: Act, service: Service, body: Body): ReturnType<typeof api.call<'POST /v1/dead-letters/{service}/replay'>> {
  return act === 'replay' ? api.call('POST /v1/dead-letters/{service}/replay', { path: { service }, body }) : api.call('POST /v1/dead-letters/{service}/discard', { path: { service }, body });
}

function add({ done, failed, gone }: Tally, results: Batch['results']): Tally {
  const count = (result: string): number => results.filter((one) => one.result === result).length;
  const [more, missing] = [count('failed'), count('not_found')];
  return { done: done + results.length - more - missing, failed: failed + more, gone: gone + missing };
}
