import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOps } from './ops.ts';

let folder: string;
let paths: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attribution-'));
  paths = join(folder, 'paths.csv');
  writeFileSync(paths, [
    'path,total_conversions,total_conversion_value,total_null',
    'C1 > C2 > C3,1,120.5,0', 'C1,0,0,1', '"C2 > C3",0,0,1', '',
  ].join('\n'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function compute(...args: string[]): Promise<{ status: number; printed: string; complaints: string }> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const status = await runOps(['attribution', 'compute', ...args], { print: (text) => printed.push(text), complain: (text) => complaints.push(text) });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

describe('computing attribution from a file', () => {
  it('prints what each channel is credited with, as CSV with all digits', async () => {
    expect(await compute('--paths', paths, '--model', 'linear')).toEqual({
      status: 0, complaints: '',
      printed: `channel,conversions,value\nC1,${1 / 3},${120.5 / 3}\nC2,${1 / 3},${120.5 / 3}\nC3,${1 / 3},${120.5 / 3}`,
    });
  });

  it('takes the order of a Markov chain and the half-life of time decay', async () => {
    const { printed } = await compute('--paths', paths, '--model', 'markov', '--order', '2', '--json');
    expect(JSON.parse(printed)).toEqual([
      { channel: 'C1', conversions: expect.closeTo(0.2, 9), value: expect.closeTo(24.1, 9) },
      { channel: 'C2', conversions: expect.closeTo(0.4, 9), value: expect.closeTo(48.2, 9) },
      { channel: 'C3', conversions: expect.closeTo(0.4, 9), value: expect.closeTo(48.2, 9) },
    ]);
    const decayed = await compute('--paths', paths, '--model', 'time-decay', '--half-life', '1', '--json');
    expect(JSON.parse(decayed.printed)).toMatchObject([{ conversions: 1 / 7 }, { conversions: 2 / 7 }, { conversions: 4 / 7 }]);
  });

  it.each([
    [['--model', 'linear'], 'Name the file of journeys by --paths FILE.csv.'],
    [['--paths', 'nowhere.csv', '--model', 'linear'], 'nowhere.csv: ENOENT'],
    [['--paths', 'nowhere.csv', '--model', 'guess'], '--model takes first, last, last-non-direct, linear, position, w-shaped, time-decay, markov, shapley.'],
    [['--paths', 'nowhere.csv', '--model', 'markov', '--order', '4'], '--order takes 1, 2 or 3.'],
    [['--paths', 'nowhere.csv', '--model', 'time-decay', '--half-life', '0'], '--half-life takes a number above 0.'],
  ])('says what is wrong with %j', async (args, message) => {
    const { status, complaints } = await compute(...args);
    expect(status).toBe(1);
    expect(complaints).toContain(message);
  });

  it('names the file and the line of journeys that cannot be read', async () => {
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, 'path,total_conversions\nA,1\nB,many\n');
    expect((await compute('--paths', broken, '--model', 'linear')).complaints).toBe(`ops: ${broken}: Line 3: "many" in column "total_conversions" is no number from 0.`);
  });
});
