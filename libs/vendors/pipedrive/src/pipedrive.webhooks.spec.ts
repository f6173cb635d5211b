import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { verifyPipedriveWebhook } from './pipedrive.webhook-signature.ts';
import { parsePipedriveWebhook } from './pipedrive.webhooks.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const verify = (authorization: string | readonly string[] | undefined, passwords = ['secret']) => verifyPipedriveWebhook({ headers: { authorization }, passwords });

describe('a webhook of Pipedrive', () => {
  it('is believed with the password that it was made with, also while that is changed', () => {
    expect(verify(basic('crossdock:secret'))).toEqual({ valid: true });
    expect(verify(basic('crossdock:old'), ['new', 'old'])).toEqual({ valid: true });
  });

  it.each([
    ['no credentials', undefined, 'credentials_missing'], ['a wrong password', basic('crossdock:wrong'), 'credentials_mismatch'],
    ['another user', basic('other:secret'), 'credentials_mismatch'], ['an empty password', basic('crossdock:'), 'credentials_mismatch'],
    ['another scheme', 'Bearer secret', 'credentials_malformed'], ['credentials that came twice', [basic('crossdock:secret'), basic('a:b')], 'credentials_malformed'],
    ['what is no base64', 'Basic ***', 'credentials_malformed'],
  ])('is refused with %s', (_what, header, reason) => {
    expect(verify(header)).toEqual({ valid: false, reason });
  });

  it('is refused where no password is stored', () => {
    expect(verify(basic('crossdock:'), [])).toMatchObject({ valid: false });
  });
});

describe('the body of a webhook of Pipedrive', () => {
  const meta = {
    action: 'change', entity: 'deal', entity_id: '7', id: 'd1d5a1c6-0e4f-4c79-a1a2-3b1f1f5a0c11', webhook_id: '12', company_id: '1', user_id: '2',
    timestamp: '2026-11-21T08:00:00.000Z', version: '2.0', attempt: 1, change_source: 'app',
  };
  const parse = (changes: object = {}) => parsePipedriveWebhook(Buffer.from(JSON.stringify({ meta: { ...meta, ...changes }, data: { id: 7 }, previous: {} })));

  it('says which record was touched', () => {
    expect(parse()).toEqual([{
      dedupeId: JSON.stringify([meta.id, '12']), object: 'deal', externalId: '7', change: 'changed', occurredAt: '2026-11-21T08:00:00.000Z',
    }]);
    expect(parse({ entity: 'person', action: 'create', entity_id: 8 })).toMatchObject([{ object: 'contact', externalId: '8', change: 'created' }]);
    expect(parse({ action: 'delete', merged_to_id: '9' })).toMatchObject([{ change: 'merged' }]);
    expect(parse({ action: 'delete' })).toMatchObject([{ change: 'deleted' }]);
  });

  it('is the same event in every attempt, and another one for another webhook', () => {
    expect(parse({ attempt: 3 })).toEqual(parse());
    expect(parse({ webhook_id: '13' })[0]?.dedupeId).not.toBe(parse()[0]?.dedupeId);
  });

  it('says nothing of objects that are not followed', () => {
    expect(parse({ entity: 'activity' })).toEqual([]);
  });

  it.each([{ action: 'added' }, { timestamp: 'now' }, { entity_id: null }])('is refused when it is another than documented: %p', (changes) => {
    expect(() => parse(changes)).toThrow(Failure);
  });
});
