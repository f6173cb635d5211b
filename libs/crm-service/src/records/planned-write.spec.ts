import type { ObjectDescription } from '@crossdock/contracts';
import { createRecordMapper, effectiveMapping } from '@crossdock/field-mapping';
import { describe, expect, it } from '@jest/globals';
import { plannedWrite } from './planned-write.ts';

const description: ObjectDescription = {
  object: 'contact',
  fields: ['first', 'last'].map((name) => ({ name, label: name, type: 'text', isCustom: false, isReadOnly: false, isRequired: false, maxLength: 5 })),
};
const mapping = effectiveMapping('contact', { firstName: { field: 'first', transform: 'truncate' }, lastName: { field: 'last' } }, { fields: [], off: [] }, description);
const account = { mapper: createRecordMapper(mapping, description) };
const plan = (fields: Record<string, string>) => plannedWrite({ kind: 'write', target: { externalId: '1' }, fields }, account);

describe('a write in the form of an account', () => {
  it('says which values it keeps, and as what where that is not what was asked for', () => {
    expect(plan({ firstName: 'Annabella', lastName: 'Muste', phone: '+4930111' })).toMatchObject({
      write: { fields: { first: 'Annab', last: 'Muste' } }, kept: ['firstName', 'lastName'], keptAs: { firstName: 'Annab' },
    });
    expect(plan({ firstName: 'Anna' })).toMatchObject({ kept: ['firstName'], keptAs: {} });
  });

  it('is none where a value does not fit and nobody said that it may be cut off', () => {
    expect(plan({ lastName: 'Mustermann' })).toMatchObject({ kind: 'invalid', field: 'last' });
  });
});
