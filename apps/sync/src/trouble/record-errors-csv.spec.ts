import { describe, expect, it } from '@jest/globals';
import { advisedErrorSchema } from './advice.ts';
import { recordErrorsAsCsv, recordErrorsCsvExample } from './record-errors-csv.ts';

const error = advisedErrorSchema.parse({
  goldenId: '5c1ff6b4-0e0b-7d5e-9d3a-6f0a3a2f9b10', connectionId: '0b7a1c52-6f0d-7b3c-8e4f-2d9c1a5e7f31', kind: 'conflict', message: '=1+1, "twice"', advice: 'Look at it.',
});

describe('records that an account did not take, as a file', () => {
  it('are lines of RFC 4180, in which no text is a formula', () => {
    expect(recordErrorsAsCsv([error], { hasHeader: false })).toBe(`${error.goldenId},${error.connectionId},,conflict,,"'=1+1, ""twice""",Look at it.\r\n`);
  });

  it('are described by an example with every column that a record can fill', () => {
    const [header, line, end] = recordErrorsCsvExample.split('\r\n');
    expect(header?.split(',').sort()).toEqual(Object.keys(advisedErrorSchema.shape).sort());
    expect(line).toContain(',invalid,Tier__c,"The value ""Gold"" is no active option of the field.",');
    expect(end).toBe('');
  });
});
