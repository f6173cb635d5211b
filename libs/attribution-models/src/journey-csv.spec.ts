import { describe, expect, it } from '@jest/globals';
import { readJourneyCsv } from './journey-csv.ts';

const names = 'path,total_conversions,total_conversion_value,total_null';

describe('reading journeys from CSV', () => {
  it('takes channels in order, with what came of them, whatever else stands in the file', async () => {
    const table = await readJourneyCsv(`\uFEFFid,${names}\r\n1,"Ads > Mail, ""A""",2,30.5,1\n2, Mail>Ads > Mail ,0,0,4\n\n`);
    expect(table.channels).toEqual(['Ads', 'Mail, "A"', 'Mail']);
    expect([...table.touches]).toEqual([0, 1, 2, 0, 2]);
    expect([[...table.conversions], [...table.values], [...table.nulls]]).toEqual([[2, 0], [30.5, 0], [1, 4]]);
  });

  it('takes a missing value or count of failures for none', async () => {
    const table = await readJourneyCsv('path,total_conversions\nA,3\n');
    expect([[...table.conversions], [...table.values], [...table.nulls]]).toEqual([[3], [0], [0]]);
  });

  it.each([
    ['way,total_conversions\nA,1\n', 'The file has no column "path"; its first line names way, total_conversions.'],
    [`${names}\nA,1,1,0\nA > > B,1,1,0\n`, 'Line 3: the path "A > > B" has a place without a channel.'],
    [`${names}\n,1,1,0\n`, 'Line 2: the path "" has a place without a channel.'],
    [`${names}\nA,many,1,0\n`, 'Line 2: "many" in column "total_conversions" is no number from 0.'],
    [`${names}\nA,1,1,-3\n`, 'Line 2: "-3" in column "total_null" is no number from 0.'],
    [`${names}\nA,1\n`, 'line 2'],
  ])('says what is wrong in %j', async (text, message) => {
    await expect(readJourneyCsv(text)).rejects.toThrow(message);
    await expect(readJourneyCsv(text)).rejects.toMatchObject({ name: 'JourneyCsvFault' });
  });
});
