import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { dueWrite } from './due-write.ts';
import type { SyncRules } from './sync-rules.ts';
import { newLink, type SyncedRecord } from './synced-record.ts';
import { takeAnswer } from './take-answer.ts';

const [connectionId, companyId, otherId, requestId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const rules: SyncRules = {
  object: 'deal', authority: {}, conflicts: 'latest_wins', gone: 'ignore', sides: [{ connectionId, vendor: 'salesforce', reads: true, writes: true }],
};
const fields = { name: 'Roof' };

describe('a new record that an account refused together with what it belongs to', () => {
  const { record } = takeAnswer({
    golden: { id: randomUUID(), object: 'deal', fields, origins: {}, associations: [companyId], state: 'live' },
    links: new Map([[connectionId, { ...newLink(connectionId), pending: { requestId, fields, associate: [companyId], dissociate: [], isOvertaken: false } }]]),
  }, connectionId, requestId, { outcome: 'refused', kind: 'invalid', message: 'No.' }, '2026-11-21T10:00:00.000Z');
  const due = (changed: Partial<SyncedRecord['golden']> = {}) =>
    dueWrite({ ...record, golden: { ...record.golden, ...changed } }, connectionId, rules, (id) => (id === otherId ? 'contact' : 'company'));

  it('is not sent again as it was', () => {
    expect(due()).toBeUndefined();
  });

  it('is sent again when a field of it has changed, or what it belongs to', () => {
    expect(due({ fields: { name: 'Floor' } })).toMatchObject({ fields: { name: 'Floor' } });
    expect(due({ associations: [companyId, otherId] })).toMatchObject({ associate: [companyId, otherId] });
  });
});
