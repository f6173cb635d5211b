import type { Envelope } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { concernsVendor } from './vendor-concern.ts';

const envelope = (data: unknown): Envelope => ({
  specversion: '1.0', id: '019aa3a4-0000-7000-8000-000000000001', source: '/crossdock/orders', type: 'crm.upsert.requested.v1', time: '2026-11-21T12:00:00.000Z',
  subject: 'deal/1', datacontenttype: 'application/json', dataschema: 'crm.upsert.requested.v1', tenantid: '019aa3a4-0000-7000-8000-000000000002',
  correlationid: '019aa3a4-0000-7000-8000-000000000003', data,
});

describe('an event on the topics of all CRMs', () => {
  it.each([
    [{ vendor: 'hubspot' }, true],
    [{ vendor: 'zoho' }, false],
    [{ vendor: 'woocommerce' }, false],
    [{ vendor: 'nobody' }, true],
    [{}, true],
    [null, true],
  ])('with the data %j concerns the service of HubSpot: %s', (data, isConcerned) => {
    expect(concernsVendor('hubspot')(envelope(data))).toBe(isConcerned);
  });
});
