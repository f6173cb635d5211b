import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { healthReport } from './health-report.ts';

const connection: Connection = {
  id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: '1', accountName: 'Muster', settings: {}, state: 'healthy', stateSince: new Date(),
};
const probe = { probedAt: null, probeFailure: null, probeFailures: 0, isRenewalDue: false };

describe('how a connection stands', () => {
  it('needs no words where it is healthy', () => {
    expect(healthReport(connection, { probe, drift: {} })).not.toHaveProperty('banner');
    expect(healthReport(connection, { probe, drift: {} })).not.toHaveProperty('mappingDrift');
  });

  it('says which mappings an account that has changed needs looking at', () => {
    const { banner, mappingDrift, state } = healthReport(connection, { probe, drift: { contact: 2, deal: 1 } });
    expect([state, mappingDrift]).toEqual(['healthy', { contact: 2, deal: 1 }]);
    expect(banner).toMatchObject({ severity: 'warning', title: 'Muster has changed', text: expect.stringContaining(`/v1/connections/${connection.id}/mappings/deal`) });
  });

  it('says first what is more pressing', () => {
    expect(healthReport({ ...connection, state: 'needs_reconnect' }, { probe, drift: { contact: 1 } }).banner).toMatchObject({ severity: 'error' });
  });
});
