/** Shows news that come faster than a screen is drawn. */
export interface LatestPerFrame<News> {
  readonly tell: (news: News) => void;
  /** What was told and not shown yet is dropped. */
  readonly stop: () => void;
}

/**
 * Shows of all that is told between two frames the latest alone, so that a hundred news a second make no more work than the screen can take.
 * @param frames replaced where time is
 */
export function latestPerFrame<News>(
  show: (news: News) => void, frames: Pick<typeof globalThis, 'requestAnimationFrame' | 'cancelAnimationFrame'> = globalThis,
): LatestPerFrame<News> {
  let latest: { readonly news: News } | undefined;
  let frame: number | undefined;
  const draw = (): void => {
    frame = undefined;
    if (latest) show(latest.news);
    latest = undefined;
  };
  return {
    tell: (news) => {
      latest = { news };
      frame ??= frames.requestAnimationFrame(draw);
    },
    stop: () => {
      if (frame !== undefined) frames.cancelAnimationFrame(frame);
      [frame, latest] = [undefined, undefined];
    },
  };
}
