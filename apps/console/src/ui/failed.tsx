import type { ReactElement } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { adviceFor } from '../api/problem-advice.ts';

/** What went wrong and what to do, with a way to try again where there is one. */
export function Failed({ problem, again }: { readonly problem: unknown; readonly again?: (() => void) | undefined }): ReactElement {
  const said = problem instanceof Error ? problem.message : 'Something went wrong.';
  // Services' own problems say what is wrong where in their sentence as well.
  const unsaid = problem instanceof ApiProblem ? problem.errors.filter(({ detail }) => !said.includes(detail)) : [];
  return (
    <div className="failed" role="alert">
      <p><strong>{said}</strong></p>
      {unsaid.length > 0 && <ul>{unsaid.map(({ pointer, detail }) => <li key={`${pointer} ${detail}`}>{pointer}: {detail}</li>)}</ul>}
      <p>{adviceFor(problem)}</p>
      {again && <p><button type="button" onClick={again}>Try again</button></p>}
    </div>
  );
}
