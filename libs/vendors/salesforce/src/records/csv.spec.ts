import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCsvValue, readCsv, writeCsv } from './csv.ts';

describe('CSV of Salesforce', () => {
  it('is read with quotes, commas and lines inside values, and empty values as none', () => {
    expect(readCsv('"Id","Name"\n"1","Muster, ""Anna""\nBerlin"\n"2",""\n')).toEqual([{ Id: '1', Name: 'Muster, "Anna"\nBerlin' }, { Id: '2', Name: null }]);
    expect(readCsv('Id,Name\r\n1,Muster\r\n2,\r\n')).toEqual([{ Id: '1', Name: 'Muster' }, { Id: '2', Name: null }]);
    expect(readCsv('"Id"\n')).toEqual([]);
  });

  it('keeps every value that is written in quotes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }))), (rows) => {
      const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
      const text = [['a', 'b'], ...rows].map((values) => `${values.map(quoted).join(',')}\n`).join('');
      expect(readCsv(text)).toEqual(rows.map(([a, b]) => ({ a, b })));
    }));
  });

  it('is written with what a record leaves alone empty, and what it empties named', () => {
    const text = writeCsv([{ Id: '1', Name: 'Muster, "Anna"\nBerlin', Amount: 12.5, IsPrimary: true }, { Id: '2', Phone: null }]);
    expect(text).toBe('"Id","Name","Amount","IsPrimary","Phone"\n"1","Muster, ""Anna""\nBerlin","12.5","true",""\n"2","","","","#N/A"\n');
    expect(['', '#N/A', '0', 0, false, null].map(isCsvValue)).toEqual([false, false, true, true, true, true]);
    fc.assert(fc.property(fc.array(fc.record({ a: fc.string({ minLength: 1 }), b: fc.string({ minLength: 1 }) }), { minLength: 1 }), (rows) => {
      expect(readCsv(writeCsv(rows))).toEqual(rows);
    }));
  });

  it('is refused where it is none', () => {
    expect(() => readCsv('a,b\n1,2"3\n')).toThrow('line 2');
  });
});
