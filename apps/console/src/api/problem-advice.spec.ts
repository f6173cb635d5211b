import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from './api-problem.ts';
import { adviceFor } from './problem-advice.ts';

const problem = (status: number, code: string, retryAfterSeconds?: number): ApiProblem => new ApiProblem({ status, code, detail: '', retryAfterSeconds });

describe('advice on a failed call', () => {
  it.each([400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 428, 429, 500, 502, 503])('says for status %i what to do', (status) => {
    expect(adviceFor(problem(status, 'unknown'))).toMatch(/^[A-Z].{12,}\.$/);
  });

  it('goes by the code where it says more than the status', () => {
    expect(adviceFor(problem(409, 'cursor_expired'))).not.toBe(adviceFor(problem(409, 'conflict')));
    expect(adviceFor(problem(0, 'unreachable'))).toContain('network');
  });

  it('says how long to wait in units that people use', () => {
    expect([1, 90, 600, 90_000].map((seconds) => adviceFor(problem(429, 'too_many_requests', seconds)))).toEqual([
      'Try again in 1 second.', 'Try again in 90 seconds.', 'Try again in 10 minutes.', 'Try again in 25 hours.',
    ]);
  });

  it('has a word for what is no problem of the interface', () => {
    expect(adviceFor(new TypeError('x is undefined'))).toBe('Load the page again. If that does not help, ask an operator.');
  });
});
