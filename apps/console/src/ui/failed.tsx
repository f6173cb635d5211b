import type { ReactElement } from 'react';
import { adviceFor } from '../api/problem-advice.ts';

/** What went wrong and what to do, with a way to try again where there is one. */
export function Failed({ problem, again }: { readonly problem: unknown; readonly again?: (() => void) | undefined }): ReactElement {
  return (
    <div className="failed" role="alert">
      <p><strong>{problem instanceof Error ? problem.message : 'Something went wrong.'}</strong></p>
      <p>{adviceFor(problem)}</p>
      {again && <p><button type="button" onClick={again}>Try again</button></p>}
    </div>
  );
}
