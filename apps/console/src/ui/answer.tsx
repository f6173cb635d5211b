import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { adviceFor } from '../api/problem-advice.ts';
import { Failed } from './failed.tsx';
import { Loading } from './loading.tsx';
import { Moment } from './moment.tsx';

interface AnswerProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What is read, as it stands in "Loading …". */
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
}

/** What was read of the hub: that it is awaited, why it did not come, or itself; and how old it is where it cannot be read anew. */
export function Answer<Data>({ query, what, children }: AnswerProps<Data>): ReactElement {
  const { data, error, dataUpdatedAt, refetch } = query;
  if (data === undefined) return error === null ? <Loading what={what} /> : <Failed problem={error} again={() => void refetch()} />;
  return (
    <>
      {error !== null && (
        <p className="stale" role="status">
          Shown as it was at <Moment at={new Date(dataUpdatedAt).toISOString()} />. {adviceFor(error)} <button type="button" onClick={() => void refetch()}>Try again</button>
        </p>
      )}
      {children(data)}
    </>
  );
}
