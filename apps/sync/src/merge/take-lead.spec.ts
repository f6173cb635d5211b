import { randomUUID } from 'node:crypto';
import { lifecycleStages, type FieldValue } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBackward } from './lifecycle-stage.ts';
import type { SyncedRecord } from './synced-record.ts';
import { takeLead, type LeadFields } from './take-lead.ts';

const recordWith = (fields: Readonly<Record<string, FieldValue>>): SyncedRecord =>
  ({ golden: { id: randomUUID(), object: 'contact', fields, origins: {}, associations: [], state: 'live' }, links: new Map() });
const leadWith = (fields: LeadFields['fields'], more: Partial<LeadFields> = {}): LeadFields =>
  ({ id: randomUUID(), receivedAt: '2026-11-21T10:00:00.000Z', fields, overwrite: [], moveBack: false, ...more });

describe('a lead', () => {
  it('fills what is empty and leaves what is there', () => {
    const { record, changed } = takeLead(recordWith({ lastName: 'Muster', phone: null }), leadWith({ lastName: 'Other', phone: '+4915112345678', country: 'DE' }), { authority: {} });
    expect(record.golden.fields).toEqual({ lastName: 'Muster', phone: '+4915112345678', country: 'DE' });
    expect(changed).toEqual(['phone', 'country']);
  });

  it('replaces the fields that it names, and no field that one account alone may say', () => {
    const lead = leadWith({ lastName: 'Other', phone: '+4915112345678' }, { overwrite: ['lastName', 'phone'] });
    const { record, changed } = takeLead(recordWith({ lastName: 'Muster', phone: '+491' }), lead, { authority: { phone: randomUUID() } });
    expect([record.golden.fields, changed]).toEqual([{ lastName: 'Other', phone: '+491' }, ['lastName']]);
    expect(record.golden.origins).toEqual({ lastName: { connectionId: lead.id, at: lead.receivedAt } });
  });

  it('changes nothing the second time', () => {
    const lead = leadWith({ lastName: 'Other', lifecycleStage: 'lead' }, { overwrite: ['lastName'] });
    const { record } = takeLead(recordWith({ lastName: 'Muster' }), lead, { authority: {} });
    expect(takeLead(record, lead, { authority: {} })).toEqual({ record, changed: [] });
  });

  it('never moves the stage back, unless it says so', () => {
    const stages = fc.constantFrom<FieldValue>(...lifecycleStages);
    fc.assert(fc.property(fc.option(stages), fc.array(fc.record({ stage: stages, overwrite: fc.boolean() })), stages, (first, leads, last) => {
      let record = recordWith({ lifecycleStage: first });
      for (const { stage, overwrite } of leads) {
        const before = record.golden.fields['lifecycleStage'] ?? null;
        ({ record } = takeLead(record, leadWith({ lifecycleStage: stage }, { overwrite: overwrite ? ['lifecycleStage'] : [] }), { authority: {} }));
        expect(isBackward(before, record.golden.fields['lifecycleStage'] ?? null)).toBe(false);
      }
      ({ record } = takeLead(record, leadWith({ lifecycleStage: last }, { moveBack: true }), { authority: {} }));
      expect(record.golden.fields['lifecycleStage']).toBe(last);
    }));
  });
});
