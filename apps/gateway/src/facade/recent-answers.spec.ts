import { describe, expect, it } from '@jest/globals';
import { questionOf, RecentAnswers } from './recent-answers.ts';

const asked = ['contact', JSON.stringify({ field: 'email', values: ['ada@example.com'] })];
const question = questionOf('a', asked);

describe('recent answers', () => {
  it('are given again to the same question of the same tenant, as long as they are new enough', () => {
    let nowMs = 0;
    const recent = new RecentAnswers({ keptMs: 60_000, maxCharacters: 1_000, nowMs: () => nowMs });
    recent.keep(question, '{"records":[1]}');
    nowMs = 5_000;
    expect(recent.find(question, 5_000)).toEqual({ answer: '{"records":[1]}', atMs: 0 });
    expect(recent.find(question, 4_999)).toBeUndefined();
    expect(recent.find(questionOf('b', asked), 60_000)).toBeUndefined();
    nowMs = 60_000;
    expect(recent.find(question, 60_000)).toBeUndefined();
  });

  it('take no more memory than they may: the oldest go, and one that is too large is not kept', () => {
    const recent = new RecentAnswers({ keptMs: 60_000, maxCharacters: 100, nowMs: () => 0 });
    const other = (name: string) => questionOf('a', [name]);
    for (let count = 0; count < 20; count += 1) recent.keep(other(String(count)), 'x'.repeat(10));
    expect(recent.find(other('9'), 0)).toBeUndefined();
    expect(recent.find(other('10'), 0)).toBeDefined();
    recent.keep(other('10'), 'x'.repeat(20));
    expect(recent.find(other('10'), 0)).toBeUndefined();
  });

  it('keep nothing of what was asked for', () => {
    expect(question).not.toContain('ada');
  });
});
