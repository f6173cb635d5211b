import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { verifyDynamicsWebhook } from './dynamics.webhook-signature.ts';
import { parseDynamicsWebhook } from './dynamics.webhooks.ts';

const verify = (header: string | readonly string[] | undefined, code?: string | readonly string[], keys = ['secret']) =>
  verifyDynamicsWebhook({ headers: { 'x-crossdock-key': header }, code, keys });

describe('a webhook of Dynamics', () => {
  it('is believed with the key that its endpoint was registered with, in the header or the address, also while that is changed', () => {
    expect(verify('secret')).toEqual({ valid: true });
    expect(verify(undefined, 'secret')).toEqual({ valid: true });
    expect(verify('old', undefined, ['new', 'old'])).toEqual({ valid: true });
  });

  it.each([
    ['no key', undefined, undefined, 'key_missing'], ['an empty key', '', undefined, 'key_missing'], ['a wrong key', 'wrong', undefined, 'key_mismatch'],
    ['a wrong header beside a right address', 'wrong', 'secret', 'key_mismatch'], ['a key that came twice', ['secret', 'secret'], undefined, 'key_malformed'],
    ['a huge key', 'x'.repeat(513), undefined, 'key_malformed'],
  ])('is refused with %s', (_what, header, code, reason) => {
    expect(verify(header, code)).toEqual({ valid: false, reason });
  });
});

describe('the body of a webhook of Dynamics', () => {
  const context = {
    OrganizationId: '0d9f2f6f-5a10-4a51-9a77-7f3c1f642a3e', PrimaryEntityName: 'opportunity', PrimaryEntityId: '5b1b2f1e-6a33-4f0a-9c64-0a8f0a1c2d3e',
    MessageName: 'Update', OperationId: 'b374239d-4233-41a9-8b17-a86cb4f737b5', CorrelationId: 'c374239d-4233-41a9-8b17-a86cb4f737b5',
    OperationCreatedOn: '/Date(1763712000000)/', Depth: 1,
  };
  const parse = (changes: object = {}) => parseDynamicsWebhook(Buffer.from(JSON.stringify({ ...context, ...changes })));

  it('says which row was touched', () => {
    expect(parse()).toEqual([{
      organizationId: context.OrganizationId, dedupeId: JSON.stringify([context.OperationId]), object: 'deal', externalId: context.PrimaryEntityId,
      change: 'changed', occurredAt: '2025-11-21T08:00:00.000Z',
    }]);
    expect(parse({ PrimaryEntityName: 'contact', MessageName: 'Create' })).toMatchObject([{ object: 'contact', change: 'created' }]);
    expect(parse({ MessageName: 'Win', OperationCreatedOn: '/Date(1763712000000+0000)/' })).toMatchObject([{ change: 'changed' }]);
  });

  it('is told apart without an operation by what was done to which row', () => {
    const noOperation = { OperationId: '00000000-0000-0000-0000-000000000000' };
    expect(parse(noOperation)).toEqual(parse(noOperation));
    expect(parse({ ...noOperation, MessageName: 'Delete' })[0]?.dedupeId).not.toBe(parse(noOperation)[0]?.dedupeId);
  });

  it('says nothing of tables that are not followed', () => {
    expect(parse({ PrimaryEntityName: 'task' })).toEqual([]);
  });

  it.each([{ PrimaryEntityId: 'x' }, { OperationCreatedOn: 'now' }, { MessageName: undefined }])('is refused when it is another than documented: %p', (changes) => {
    expect(() => parse(changes)).toThrow(Failure);
  });
});
