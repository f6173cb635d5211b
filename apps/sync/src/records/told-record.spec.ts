import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toldRecord } from './told-record.ts';

const deal = {
  source: { vendor: 'hubspot' as const, connectionId: randomUUID(), externalId: '1' }, modifiedAt: '2026-03-01T00:00:00.000Z', name: 'Roof', status: 'open' as const, contacts: [],
  custom: { sampleRequest: 'starter', region: 'north' }, known: ['name', 'status', 'amount', 'sampleRequest', 'region'], associations: [],
};

describe('a deal that was told', () => {
  it('brings its fields and the tenant’s own, those that are empty too, and not what it asks of the hub', () => {
    expect(toldRecord('deal', deal.modifiedAt, deal)?.fields).toEqual({ name: 'Roof', status: 'open', amount: null, region: 'north' });
  });

  it('brings nothing where nobody says which fields are known', () => {
    const { known: _, ...fetched } = deal;
    expect(toldRecord('deal', deal.modifiedAt, fetched)).toBeUndefined();
  });
});
