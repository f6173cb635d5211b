import { describe, expect, it } from '@jest/globals';
import { countTests, summarise } from './test-counts.ts';

describe('counting a test run', () => {
  it('counts passed and failed tests, and a suite that could not run as one failure', () => {
    const report = { numPassedTests: 40, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
    expect(countTests(report, false)).toEqual({ passed: 40, failed: 3 });
  });

  it('counts a run without a report as failed', () => {
    expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a run that failed without naming a test as failed', () => {
    const report = { numPassedTests: 40, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
    expect(countTests(report, false)).toEqual({ passed: 40, failed: 1 });
  });

  it('sums lint, types and tests in the closing line', () => {
    expect(summarise([{ passed: 1, failed: 0 }, { passed: 0, failed: 1 }, { passed: 40, failed: 0 }])).toBe('41 passed, 1 failed');
  });
});
