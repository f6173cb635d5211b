import { describe, expect, it } from '@jest/globals';
import { latestPerFrame } from './latest-per-frame.ts';

/** Frames that are drawn when a test says so. */
function framesByHand() {
  const waiting = new Map<number, FrameRequestCallback>();
  let last = 0;
  return {
    requestAnimationFrame: (draw: FrameRequestCallback): number => {
      last += 1;
      waiting.set(last, draw);
      return last;
    },
    cancelAnimationFrame: (id: number): void => void waiting.delete(id),
    draw: (): void => {
      const drawn = [...waiting.values()];
      waiting.clear();
      for (const each of drawn) each(0);
    },
  };
}

describe('news faster than frames', () => {
  it('are shown once a frame, the latest alone', () => {
    const frames = framesByHand();
    const shown: number[] = [];
    const { tell } = latestPerFrame<number>((news) => shown.push(news), frames);
    for (const news of [1, 2, 3]) tell(news);
    expect(shown).toEqual([]);
    frames.draw();
    frames.draw();
    tell(4);
    frames.draw();
    expect(shown).toEqual([3, 4]);
  });

  it('are not shown to whoever has gone', () => {
    const frames = framesByHand();
    const shown: number[] = [];
    const { tell, stop } = latestPerFrame<number>((news) => shown.push(news), frames);
    tell(1);
    stop();
    frames.draw();
    expect(shown).toEqual([]);
  });
});
