import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { newLink, type SyncedRecord } from '../merge/synced-record.ts';
import { SyncMetrics } from './sync-metrics.ts';

const [left, right] = [randomUUID(), randomUUID()];
const sides = [
  { connectionId: left, vendor: 'hubspot' as const, reads: true, writes: true }, { connectionId: right, vendor: 'salesforce' as const, reads: true, writes: true },
];
const record: SyncedRecord = {
  golden: {
    id: randomUUID(), object: 'contact', fields: { lastName: 'Muster', phone: '+49' }, associations: [], state: 'live',
    origins: { lastName: { connectionId: left, at: '2026-11-21T10:00:00.000Z' }, phone: { connectionId: left, at: '2026-11-21T09:00:00.000Z' } },
  },
  links: new Map([[right, { ...newLink(right), pending: { requestId: randomUUID(), fields: { lastName: 'Muster', phone: '+49' }, associate: [], dissociate: [], isOvertaken: false } }]]),
};

describe('the metrics of sync', () => {
  it('tell how long the newest change of a write was on its way, and from where to where', async () => {
    const registry = new Registry();
    new SyncMetrics(registry).countAnswer(record, {
      connectionId: right, vendor: 'salesforce', answeredAt: '2026-11-21T10:00:01.500Z', result: { outcome: 'written', externalId: '1', created: true, kept: ['lastName', 'phone'] },
    }, { sides });
    const text = await registry.metrics();
    expect(text).toContain('crossdock_sync_freshness_seconds_sum{source="hubspot",target="salesforce"} 1.5');
    expect(text).toContain('crossdock_sync_write_total{target="salesforce",outcome="written"} 1');
  });

  it('count a refusal by its kind, and no time for it', async () => {
    const registry = new Registry();
    new SyncMetrics(registry).countAnswer(record, {
      connectionId: right, vendor: 'salesforce', answeredAt: '2026-11-21T10:00:01.500Z', result: { outcome: 'refused', kind: 'invalid', message: 'No.' },
    }, { sides });
    const text = await registry.metrics();
    expect(text).toContain('crossdock_sync_write_total{target="salesforce",outcome="invalid"} 1');
    expect(text).not.toContain('freshness_seconds_sum{');
  });
});
