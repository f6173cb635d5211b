import { ApiProblem } from '../api/api-problem.ts';
import { adviceFor } from '../api/problem-advice.ts';

/** Why nothing may be changed while the hub, or what it builds upon, does not answer; undefined where a problem is none of that kind. */
export function barWhileAway(problem: unknown): string | undefined {
  if (problem === null || problem === undefined) return undefined;
  const isAway = !(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500;
  return isAway ? adviceFor(problem) : undefined;
}
