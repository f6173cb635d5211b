import { describe, expect, it } from '@jest/globals';
import { verifyZohoWebhook } from './zoho.webhook-signature.ts';
import { parseZohoWebhook } from './zoho.webhooks.ts';

const tokens = ['the present token', 'the former token'];
const bytes = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

const notification = {
  server_time: 1_763_715_600_123, query_params: {}, module: 'Deals', resource_uri: 'https://www.zohoapis.eu/crm/v8/Deals', ids: ['6493490000001291001', '6493490000001291002'],
  affected_fields: [], operation: 'update', channel_id: '1000000068001', token: 'the present token',
};

describe('the token of a Zoho notification', () => {
  it('fits when it is the channel’s present or former one', () => {
    for (const token of tokens) expect(verifyZohoWebhook({ rawBody: bytes({ ...notification, token }), tokens })).toEqual({ valid: true });
  });

  it.each([
    ['of another channel', 'another token'], ['that is huge', 'x'.repeat(100_000)], ['with a character more', 'the present token '], ['in other letters', 'The Present Token'],
  ])('is refused when it is one %s', (_, token) => {
    expect(verifyZohoWebhook({ rawBody: bytes({ ...notification, token }), tokens })).toEqual({ valid: false, reason: 'token_mismatch' });
  });

  it('is refused when it is missing, empty, no text, or in a body that cannot be read', () => {
    const without = [undefined, '', null, ['the present token']].map((token) => bytes({ ...notification, token }));
    for (const rawBody of [...without, Buffer.from('{'), Buffer.alloc(0)]) {
      expect(verifyZohoWebhook({ rawBody, tokens })).toEqual({ valid: false, reason: 'token_missing' });
    }
  });

  it('is refused where the connection has none', () => {
    expect(verifyZohoWebhook({ rawBody: bytes(notification), tokens: [] })).toEqual({ valid: false, reason: 'token_mismatch' });
  });
});

describe('what a Zoho notification tells', () => {
  it('is a touch for each record, with a name that is the same in every delivery', () => {
    const touches = parseZohoWebhook(bytes(notification));
    expect(touches).toEqual(notification.ids.map((externalId) => ({
      dedupeId: expect.stringContaining(externalId), object: 'deal', externalId, change: 'changed', occurredAt: '2025-11-21T09:00:00.123Z',
    })));
    expect(parseZohoWebhook(bytes({ ...notification, ids: [...notification.ids, notification.ids[0]] }))).toEqual(touches);
    expect(new Set(touches.map(({ dedupeId }) => dedupeId)).size).toBe(2);
  });

  it.each([['insert', 'created'], ['update', 'changed'], ['delete', 'deleted']])('calls %s %s', (operation, change) => {
    expect(parseZohoWebhook(bytes({ ...notification, operation }))).toMatchObject([{ change }, { change }]);
  });

  it('is nothing for modules that the hub does not follow', () => {
    expect(parseZohoWebhook(bytes({ ...notification, module: 'Leads' }))).toEqual([]);
  });

  it.each([
    ['no records', { ids: [] }], ['a record that is no number', { ids: ['../1'] }], ['no time', { server_time: 'now' }], ['an unknown operation', { operation: 'merge' }],
  ])('is kept for a person when it has %s', (_, fault) => {
    expect(() => parseZohoWebhook(bytes({ ...notification, ...fault }))).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});
