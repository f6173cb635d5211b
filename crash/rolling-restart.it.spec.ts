import { expect, it } from '@jest/globals';
import { playScenario, scenarioDeadlineMs } from './play-scenario.fixture.ts';

it('replaces each replica of gateway, orders and a CRM service under load without a failed request or a lost event', async () => {
  const { status, output } = await playScenario('crash-rolling', '--scenario', 'rolling-restart', '--seed', '7');
  expect(output).toMatch(/\n✓ .*rolling-restart.* 6 replicas replaced; [1-9]\d+ requests: 0 failed; [1-9]\d+ webhooks: 0 lost, 0 doubled, 0 out of order; [1-9]\d* orders at the CRM: 0 lost, 0 doubled, 0 out of order/);
  expect(output).toMatch(/\n1 passed, 0 failed\n/);
  expect(status).toBe(0);
}, scenarioDeadlineMs);
