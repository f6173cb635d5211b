import { serviceNames } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { nextStep, viewRequest, wantedPersonSchema, type AnswerRow } from './person-request.ts';

const answers = (round: number, part: Partial<AnswerRow> = {}): AnswerRow[] => serviceNames.map((service) => ({ service, round, found: [], learned: 0, ...part }));
const quiet = { sinceMs: 60_000, wantedMs: 60_000 };
const something = { found: [{ table: 'person', rows: 1 }] };

describe('a request about one person', () => {
  it('waits for every service', () => {
    expect(nextStep('erasure', 1, answers(1).slice(1), quiet)).toBe('wait');
    expect(nextStep('erasure', 2, answers(1), quiet)).toBe('wait');
  });

  it('looks again as long as something is found or learned, and then until nothing was found for long enough', () => {
    expect(nextStep('erasure', 1, answers(1, something), quiet)).toBe('again');
    expect(nextStep('erasure', 1, answers(1, { learned: 1 }), quiet)).toBe('again');
    expect(nextStep('erasure', 2, answers(2), { ...quiet, sinceMs: 100 })).toBe('later');
    expect(nextStep('erasure', 2, answers(2), quiet)).toBe('done');
    expect(nextStep('erasure', 20, answers(20, something), quiet)).toBe('unfinished');
  });

  it('hands over what there is once no service learns of a further name', () => {
    expect(nextStep('export', 1, answers(1, { ...something, learned: 2 }), quiet)).toBe('again');
    expect(nextStep('export', 2, answers(2, something), { ...quiet, sinceMs: 0 })).toBe('done');
  });

  it('shows who has not answered, and what each service found in all rounds', () => {
    const row = { id: 'a', kind: 'erasure', state: 'running', round: 2, requestedBy: 'api-key/1', createdAt: '2026-03-10T00:00:00.000Z', endedAt: null, fileExpiresAt: null } as const;
    const view = viewRequest(row, [...answers(1, something), ...answers(2, something).slice(1)]);
    expect(view.missing).toEqual([serviceNames[0]]);
    expect(view.services.map(({ found }) => found[0]?.rows)).toEqual([1, ...serviceNames.slice(1).map(() => 2)]);
    expect(view.topicsForgetBy).toBeUndefined();
  });

  it('says who is meant by an address, a number or a contact', () => {
    expect(wantedPersonSchema.safeParse({}).success).toBe(false);
    expect(wantedPersonSchema.safeParse({ phone: '12' }).success).toBe(false);
    expect(wantedPersonSchema.safeParse({ phone: '+1 555 0142 277' }).success).toBe(true);
    expect(wantedPersonSchema.safeParse({ email: 'ada@example.com', tenantId: 'x' }).success).toBe(false);
  });
});
