import { describe, expect, it } from '@jest/globals';
import type { CallRecord } from '@crossdock/outbound-http';
import { CallCounts } from './call-counts.ts';

const call: CallRecord = {
  tenantId: '018f3c1e-0000-7000-8000-000000000001', connectionId: '018f3c1e-0000-7000-8000-000000000002', vendor: 'hubspot', operation: 'properties.get',
  method: 'GET', endpoint: '/crm/v3/properties/deals/{…}', attempt: 1, startedAt: new Date('2026-03-10T23:59:59Z'), durationMs: 12, outcome: 'success', status: 200,
};

describe('the counts of calls', () => {
  it('are kept by day, and count what failed, but not what was looked for and is not there', () => {
    const counts = new CallCounts();
    counts.add(call);
    counts.add({ ...call, outcome: 'client_error', status: 404 });
    counts.add({ ...call, outcome: 'client_error', status: 404, method: 'PATCH' });
    counts.add({ ...call, outcome: 'client_error', status: 400 });
    const { status: _unanswered, ...sent } = call;
    counts.add({ ...sent, outcome: 'timeout' });
    counts.add({ ...call, startedAt: new Date('2026-03-11T00:00:00Z') });
    expect(counts.entries().map(({ day, calls, failedCalls }) => ({ day, calls, failedCalls }))).toEqual([
      { day: '2026-03-10', calls: 5, failedCalls: 3 }, { day: '2026-03-11', calls: 1, failedCalls: 0 },
    ]);
  });
});
