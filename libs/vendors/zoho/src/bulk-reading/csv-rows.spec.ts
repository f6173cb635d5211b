import type { FieldDescription } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { rowsFrom } from './csv-rows.ts';

const field = (name: string, type: FieldDescription['type']): FieldDescription => ({ name, label: name, type, isCustom: false, isReadOnly: false, isRequired: false });

describe('a record in the CSV of a Zoho job', () => {
  it('has the form in which the interface answers it', () => {
    const fields = [
      field('Last_Name', 'text'), field('Email_Opt_Out', 'boolean'), field('Visits', 'integer'), field('Score', 'decimal'), field('Owner', 'owner'), field('Interests', 'multi_picklist'), field('Phone', 'phone'),
    ];
    const row = {
      Id: '1', Modified_Time: '2026-11-21T10:00:00+01:00', Account_Name: '22', Last_Name: '007', Email_Opt_Out: 'true', Visits: '7', Score: '12.50', Owner: '33', Interests: 'Tea; Coffee', Phone: '',
    };
    expect(rowsFrom({ description: { object: 'contact', fields }, fieldNames: [] }, [row, { ...row, Account_Name: '', Owner: '', Email_Opt_Out: 'false' }])).toEqual([
      {
        id: '1', Modified_Time: '2026-11-21T10:00:00+01:00', Account_Name: { id: '22' }, Last_Name: '007', Email_Opt_Out: true, Visits: 7, Score: '12.50', Owner: { id: '33' },
        Interests: ['Tea', 'Coffee'], Phone: null,
      },
      expect.objectContaining({ Account_Name: null, Owner: null, Email_Opt_Out: false }),
    ]);
  });
});
