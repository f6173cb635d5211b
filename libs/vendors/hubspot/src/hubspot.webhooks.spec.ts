import { createHash, createHmac } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { hubSpotSignatureWindowMs, verifyHubSpotWebhook, type HubSpotWebhookRequest } from './hubspot.webhook-signature.ts';
import { parseHubSpotWebhook } from './hubspot.webhooks.ts';

const secret = 'the-apps-client-secret';
const nowMs = Date.UTC(2026, 10, 21, 9, 30);
const uri = 'https://hub.example.com/webhooks/hubspot';
const body = Buffer.from('[{"eventId":7,"note":"Žluťoučký — 北京"}]');

/** Signs as HubSpot documents it: base64 HMAC-SHA256 over method, address, body and timestamp. */
function sign({ key = secret, method = 'POST', signedUri = uri, content = body, timestamp = String(nowMs) } = {}): string {
  return createHmac('sha256', key).update(`${method}${signedUri}`).update(content).update(timestamp).digest('base64');
}

function request(changes: Partial<HubSpotWebhookRequest> & { signature?: string | string[]; timestamp?: string | string[] } = {}): HubSpotWebhookRequest {
  const { signature = sign(), timestamp = String(nowMs), ...rest } = changes;
  return {
    method: 'POST', uri, rawBody: body, nowMs, secrets: [secret],
    headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp },
    ...rest,
  };
}

const reasonOf = (candidate: HubSpotWebhookRequest): string => {
  const verdict = verifyHubSpotWebhook(candidate);
  return verdict.valid ? 'valid' : verdict.reason;
};

describe('the HubSpot v3 signature', () => {
  it('is accepted as HubSpot makes it, non-ASCII text in the body included', () => {
    expect(reasonOf(request())).toBe('valid');
  });

  it.each([
    ['another body', request({ rawBody: Buffer.from('[{"eventId":8}]') })],
    ['the same JSON written again', request({ rawBody: Buffer.from(JSON.stringify(JSON.parse(body.toString()), undefined, 1)) })],
    ['another method', request({ method: 'PUT' })],
    ['another path', request({ uri: `${uri}/other` })],
    ['another host', request({ uri: 'https://evil.example.com/webhooks/hubspot' })],
    ['another secret', request({ secrets: ['another-secret'] })],
    ['no secret at all', request({ secrets: [] })],
    ['another timestamp inside the window', request({ timestamp: String(nowMs - 1) })],
  ])('does not fit %s', (_, candidate) => {
    expect(reasonOf(candidate)).toBe('signature_mismatch');
  });

  it.each([-1, 1])('is refused outside the window of five minutes, whichever clock is ahead (%i)', (direction) => {
    const at = (distanceMs: number): HubSpotWebhookRequest => {
      const timestamp = String(nowMs + direction * distanceMs);
      return request({ timestamp, signature: sign({ timestamp }) });
    };
    expect(reasonOf(at(hubSpotSignatureWindowMs))).toBe('valid');
    expect(reasonOf(at(hubSpotSignatureWindowMs + 1))).toBe('outside_window');
  });

  it.each(['', 'NaN', 'yesterday', '1e12', '-1', ' 1', '1.5', '9'.repeat(16), `${nowMs}, ${nowMs}`])(
    'is refused with the timestamp "%s", although it was signed', (timestamp) => {
      expect(reasonOf(request({ timestamp, signature: sign({ timestamp }) }))).toBe('timestamp_malformed');
    },
  );

  it.each([
    ['empty', ''], ['twice in one header', `${sign()}, ${sign()}`], ['twice as a list', [sign(), sign()]],
    ['huge', 'A'.repeat(100_000)], ['not base64', `${'*'.repeat(43)}=`], ['hexadecimal', createHmac('sha256', secret).update(body).digest('hex')],
    ['with white space', ` ${sign()}`],
  ])('is refused when the header is %s', (_, signature) => {
    expect(reasonOf(request({ signature }))).toBe('signature_malformed');
  });

  it('is required: a v1 or v2 signature is not taken instead', () => {
    const v1 = createHash('sha256').update(secret).update(body).digest('hex');
    expect(reasonOf(request({
      headers: { 'x-hubspot-signature': v1, 'x-hubspot-signature-version': 'v1', 'x-hubspot-request-timestamp': String(nowMs) },
    }))).toBe('signature_missing');
    expect(reasonOf(request({ signature: v1 }))).toBe('signature_malformed');
  });

  it('is refused without a timestamp', () => {
    expect(reasonOf(request({ headers: { 'x-hubspot-signature-v3': sign() } }))).toBe('timestamp_missing');
  });

  it('covers the address with the twelve documented escapes decoded and all others as they are', () => {
    const called = `${uri}?a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&b=%3a%2f&c=%20%26%3D%25`;
    const signed = `${uri}?a=:/?@!$'()*,;&b=:/&c=%20%26%3D%25`;
    expect(reasonOf(request({ uri: called, signature: sign({ signedUri: signed }) }))).toBe('valid');
  });

  it('is accepted with the old and the new secret while the secret is rotated', () => {
    const secrets = ['new-secret', secret];
    expect(reasonOf(request({ secrets }))).toBe('valid');
    expect(reasonOf(request({ secrets, signature: sign({ key: 'new-secret' }) }))).toBe('valid');
    expect(reasonOf(request({ secrets: ['new-secret'] }))).toBe('signature_mismatch');
  });
});

const event = {
  eventId: 100, subscriptionId: 12, portalId: 62_515, appId: 54_321, occurredAt: 1_763_700_000_123,
  subscriptionType: 'deal.propertyChange', propertyName: 'dealstage', propertyValue: 'closedwon', attemptNumber: 0,
  objectId: 4_711, changeSource: 'CRM_UI',
};
const parse = (...events: object[]) => parseHubSpotWebhook(Buffer.from(JSON.stringify(events)));

describe('the body of a HubSpot webhook', () => {
  it('tells which record of which account was touched, how and when', () => {
    expect(parse(event)).toEqual([{
      portalId: '62515', object: 'deal', externalId: '4711', change: 'changed', occurredAt: '2025-11-21T04:40:00.123Z',
      dedupeId: expect.any(String),
    }]);
  });

  it('gives a repeated delivery the same dedupe id, and everything else another', () => {
    const idOf = (changes: object): string | undefined => parse({ ...event, ...changes })[0]?.dedupeId;
    expect(idOf({ attemptNumber: 3 })).toBe(idOf({}));
    const others = [{ portalId: 1 }, { objectId: 1 }, { eventId: 1 }, { occurredAt: 1 }, { propertyName: 'amount' }, { subscriptionType: 'contact.propertyChange' }];
    expect(new Set([idOf({}), ...others.map(idOf)]).size).toBe(others.length + 1);
  });

  it.each([
    [{ subscriptionType: 'contact.creation' }, 'contact', 'created'],
    [{ subscriptionType: 'company.deletion' }, 'company', 'deleted'],
    [{ subscriptionType: 'contact.privacyDeletion' }, 'contact', 'deleted'],
    [{ subscriptionType: 'deal.restore' }, 'deal', 'restored'],
    [{ subscriptionType: 'object.propertyChange', objectTypeId: '0-3' }, 'deal', 'changed'],
    [{ subscriptionType: 'object.creation', objectTypeId: '0-1' }, 'contact', 'created'],
  ])('reads %j', (changes, object, change) => {
    expect(parse({ ...event, ...changes })).toMatchObject([{ object, change }]);
  });

  it('touches every record of a merge', () => {
    const merge = { ...event, subscriptionType: 'deal.merge', objectId: 1, primaryObjectId: 1, mergedObjectIds: [2, 3], newObjectId: 4 };
    expect(parse(merge).map(({ externalId, change }) => [externalId, change])).toEqual([
      ['4', 'merged'], ['1', 'merged'], ['2', 'merged'], ['3', 'merged'],
    ]);
  });

  it('touches the record of the subscription when an association changed', () => {
    const { objectId: _, ...withoutObject } = event;
    expect(parse({ ...withoutObject, subscriptionType: 'deal.associationChange', fromObjectId: 9, toObjectId: 8 }))
      .toMatchObject([{ externalId: '9', change: 'associated' }]);
  });

  it('leaves out objects that the hub does not follow and keeps the others', () => {
    expect(parse({ ...event, subscriptionType: 'ticket.creation' }, { ...event, subscriptionType: 'object.creation', objectTypeId: '0-5' }, event))
      .toHaveLength(1);
  });

  it.each([
    ['no JSON', Buffer.from('portalId=1')],
    ['no UTF-8', Buffer.from([0x5b, 0xff, 0x5d])],
    ['no list', Buffer.from(JSON.stringify(event))],
    ['an event without an account', Buffer.from(JSON.stringify([{ ...event, portalId: undefined }]))],
    ['an event without a record', Buffer.from(JSON.stringify([{ ...event, objectId: undefined }]))],
    ['a time that is none', Buffer.from(JSON.stringify([{ ...event, occurredAt: 9e15 }]))],
    ['more events than HubSpot sends', Buffer.from(JSON.stringify(Array.from({ length: 101 }, () => event)))],
  ])('is refused as invalid with %s', (_, rawBody) => {
    expect(() => parseHubSpotWebhook(rawBody)).toThrow(Failure);
  });
});
