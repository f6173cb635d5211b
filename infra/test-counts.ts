import { z } from 'zod';

/** What is used of jest's JSON report (https://jestjs.io/docs/cli#--json). A suite that could not even run counts as one failure. */
const jestReportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

export type Counts = { readonly passed: number; readonly failed: number };

/** Counts the tests of a report; a run that failed without naming a failure, or left no report, counts as one. */
export function countTests(report: unknown, jestPassed: boolean): Counts {
  const parsed = jestReportSchema.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = parsed.data;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: failed === 0 && !jestPassed ? 1 : failed };
}

/** The closing line of a test run. */
export function summarise(counts: readonly Counts[]): string {
  const sum = (pick: (count: Counts) => number): number => counts.reduce((total, count) => total + pick(count), 0);
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
}
