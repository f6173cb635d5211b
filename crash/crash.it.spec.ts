import { beforeAll, describe, expect, it } from '@jest/globals';
import { playScenario, scenarioDeadlineMs, type Played } from './play-scenario.fixture.ts';

describe('the crash test in its short form', () => {
  let played: Played;

  beforeAll(async () => {
    played = await playScenario('crash-short', '--scenario', 'short', '--seed', '7');
  }, scenarioDeadlineMs);

  it('finds each effect once and in order, whichever step a process dies at, and with PostgreSQL and Kafka killed as well', () => {
    expect(played.output).toMatch(/\n✓ .*short.* 9 kills; \d+ events: 0 lost, 0 doubled, 0 out of order; \d+ tasks: 0 lost, 0 doubled, 0 out of order/);
  });

  it('finds effects lost and doubled where a consumer is made wrong', () => {
    expect(played.output).toMatch(/\n✓ careless.* 2 kills; found, as it must be: \d+ events: [1-9]\d* lost, [1-9]\d* doubled, \d+ out of order; \d+ tasks: 0 lost, 0 doubled, 0 out of order/);
  });

  it('passes', () => {
    expect(played.output).toMatch(/\n2 passed, 0 failed\n/);
    expect(played.status).toBe(0);
  });
});
