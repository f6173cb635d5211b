import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { SyncWorld } from '../sync-world.fixture.ts';
import { StandingMetrics } from './standing-metrics.ts';
import { countStandings } from './standing.repository.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

describe('what waits in syncs', () => {
  it('is counted over all tenants: refused records, fields to be decided, what the last comparison found, and runs under way', async () => {
    const registry = new Registry();
    new StandingMetrics(registry, world.database);
    for (const tenant of [world.tenant(), world.tenant()]) {
      const [left, right] = [await tenant.account(), await tenant.account()];
      const [both, refused] = [left.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Muster' }), 'Refused'];
      right.refusal = (action) => (action.kind === 'write' && action.fields['lastName'] === refused ? { outcome: 'refused', kind: 'invalid', message: 'Not so.' } : undefined);
      const sync = await tenant.sync('contact', { conflicts: 'ask' });
      await tenant.atRest();
      left.put('contact', { email: `${randomUUID()}@example.com`, lastName: refused });
      left.put('contact', { lastName: 'Left' }, { id: both });
      right.put('contact', { lastName: 'Right' }, { id: right.present('contact')[0]?.id ?? '' });
      await tenant.atRest();
      left.corrupt('contact', both, { phone: '+49151' });
      await tenant.within((manager) => world.runs.start(manager, sync, 'reconciliation'));
      await tenant.atRest();
      const active = await tenant.within((manager) => world.syncs.find(manager, sync.id));
      await tenant.within((manager) => world.runs.start(manager, active, 'reconciliation'));
      await world.admin.query(`UPDATE sync_run SET started_at = now() - interval '1 hour' WHERE state = 'running'`);
      await tenant.within(countStandings);
      await tenant.within(countStandings);
    }
    const text = await registry.metrics();
    expect(text).toContain('crossdock_sync_refused_records{object="contact"} 2');
    expect(text).toContain('crossdock_sync_conflict_records{object="contact"} 2');
    expect(text).toContain('crossdock_reconciliation_drift_records{kind="contact"} 2');
    expect(text).toMatch(/crossdock_sync_run_age_seconds\{kind="reconciliation"\} 36\d\d/);
  });
});
