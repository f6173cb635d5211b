import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type FieldValue } from '@crossdock/contracts';
import { describeCrmConnector, type PersonAtCrm } from './conformance/crm-conformance.ts';
import type { RecordRef } from './records/crm-record.ts';
import { refer, ToyConnector, type ToyRecord } from './toy-connector.fixture.ts';

describeCrmConnector('toy CRM', async () => {
  const connector = new ToyConnector();
  const recordOf = (ref: RecordRef): ToyRecord => {
    const record = connector.crm.get(refer(ref));
    if (!record) throw new Error(`The toy has no ${refer(ref)}.`);
    return record;
  };
  const edit = (ref: RecordRef, fields: Readonly<Record<string, FieldValue>>): void => {
    connector.put({ ...recordOf(ref), fields: { ...recordOf(ref).fields, ...fields } });
  };
  const person: PersonAtCrm = {
    create: async (object, fields) => {
      const id = randomUUID();
      connector.put({ object, id, fields, associations: [] });
      return id;
    },
    edit: async (ref, fields) => edit(ref, fields),
    delete: async (ref) => connector.put({ ...recordOf(ref), gone: { ...ref, gone: 'archived' } }),
    associate: async (ref, to) => connector.put({ ...recordOf(ref), associations: [to] }),
    mergeContacts: async (winner, loser) => {
      const [kept, lost] = [{ object: 'contact', id: winner }, { object: 'contact', id: loser }] as const;
      connector.put({ ...recordOf(lost), gone: { ...lost, gone: 'merged', mergedInto: winner } });
      edit(kept, {});
      return winner;
    },
    advance: async (id) => edit({ object: 'deal', id }, {}),
    closeAsWon: async (id) => edit({ object: 'deal', id }, { 'crossdock:status': 'won' }),
  };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: 'toy', settings: {}, state: 'healthy', stateSince: new Date(),
  };
  return {
    connector, connection, person,
    count: async (object) => [...connector.crm.values()].filter((record) => record.object === object && !record.gone).length,
    importContacts: async () => Promise.all(Array.from({ length: 10 }, () => person.create('contact', { email: `${randomUUID()}@example.com` }))),
    refused: [{ because: 'it is too long', object: 'contact', fields: { lastName: 'x'.repeat(51) }, field: 'lastName' }],
    unknownContactId: 'nobody',
    rateLimitKind: 'rate_limited',
    forgottenCursor: async () => '17',
    expireToken: async () => undefined,
    revoke: async () => {
      connector.down = { failure: new Failure('unauthorised', 'The toy knows you no more.'), times: 100 };
    },
    fail: async (fault, times) => {
      connector.down = { failure: new Failure(fault === 'rate_limit' ? 'rate_limited' : 'transient', 'The toy rests.', { retryAfterMs: 1 }), times: fault === 'rate_limit' ? 100 : times };
    },
    clearFaults: async () => {
      connector.down = undefined;
    },
    stop: async () => undefined,
  };
});
