import { describe, expect, it } from '@jest/globals';
import { OpenSubscriptions } from './open-subscriptions.ts';

describe('what a caller listens to', () => {
  it('is bounded for each caller, and free again once it has ended', () => {
    const open = new OpenSubscriptions();
    const ends = Array.from({ length: 20 }, () => open.enter('a'));
    expect(() => open.enter('a')).toThrow('listens to 20 things already');
    expect(() => open.enter('b')).not.toThrow();
    // Ended twice, it is one less and not two.
    ends[0]?.();
    ends[0]?.();
    expect(() => open.enter('a')).not.toThrow();
    expect(() => open.enter('a')).toThrow('listens to 20 things already');
  });
});
