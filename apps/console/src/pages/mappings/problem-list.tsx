import type { ReactElement } from 'react';
import type { Problem } from './mapping-queries.ts';

type Told = Pick<Problem, 'severity' | 'message'> & Partial<Pick<Problem, 'remedy'>>;

/** What is wrong with a rule, and what to do; errors refuse the mapping, warnings do not. */
export function ProblemList({ problems, id }: { readonly problems: readonly Told[]; readonly id?: string }): ReactElement | null {
  if (problems.length === 0) return null;
  return (
    <ul className="problems" id={id}>
      {problems.map(({ severity, message, remedy }, index) => (
        <li key={index} className={severity === 'error' ? 'wrong' : 'doubtful'}><strong>{severity === 'error' ? 'Error' : 'Note'}:</strong> {message} {remedy}</li>
      ))}
    </ul>
  );
}
