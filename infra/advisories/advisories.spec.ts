import { describe, expect, it } from '@jest/globals';
import { advisoriesOf, refusedAdvisories } from './advisories.ts';
import { agreed } from './agreed.ts';

const grave = { source: 1, name: 'deep', dependency: 'deep', title: 'Anything may be run', url: 'https://advisories.example/1', severity: 'critical', range: '<2.0.0' };
const slight = { ...grave, source: 2, name: 'other', title: 'Slow for long input', url: 'https://advisories.example/2', severity: 'low' };
const answer = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: { deep: { name: 'deep', via: [grave] }, above: { name: 'above', via: ['deep'] }, other: { name: 'other', via: [slight] } },
});

describe('packages with a known vulnerability', () => {
  it('may not be shipped where it is grave, however deep they lie', () => {
    expect(refusedAdvisories(advisoriesOf(answer), [], '2026-11-22').map(({ name }) => name)).toEqual(['deep']);
  });

  it('may be shipped where that was agreed to, up to the day that was said', () => {
    const agreement = [{ url: grave.url, reason: 'It reads no input of others.', until: '2026-12-01' }];
    expect(refusedAdvisories(advisoriesOf(answer), agreement, '2026-12-01')).toEqual([]);
    expect(refusedAdvisories(advisoriesOf(answer), agreement, '2026-12-02')).toHaveLength(1);
  });

  it('are not taken for harmless where the registry does not say', () => {
    for (const nothing of ['', '{"error":{"code":"ENOAUDIT","summary":"not offered"}}', '<html>']) expect(() => advisoriesOf(nothing)).toThrow('gave no advisories');
  });

  it('are agreed to for a reason and for at most half a year', () => {
    const latest = new Date(Date.now() + 183 * 86_400_000).toISOString().slice(0, 10);
    for (const { reason, until } of agreed) {
      expect(reason).not.toBe('');
      expect(until <= latest).toBe(true);
    }
  });
});
