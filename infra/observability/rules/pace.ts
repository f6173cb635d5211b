/** Seconds of the units in which rules are written. */
const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A duration of PromQL: a whole number and one unit. */
export type Duration = `${number}${keyof typeof unitSeconds}`;

/** A window shorter than this would hold too few measurements of a server that measures every second. */
const shortestSeconds = 5;

/**
 * How fast rules run. Written for minutes and hours, they are played in seconds where a test injects a fault and waits
 * for its alert: each duration of an expression, and each threshold that is a time, goes through here.
 */
export class Pace {
  readonly #factor: number;

  /** @param factor what each duration is multiplied by: 1 for use, less to play faster */
  constructor(factor = 1) {
    this.#factor = factor;
  }

  /** A window or an offset, as PromQL takes it. */
  window(duration: Duration): string {
    return this.#factor === 1 ? duration : `${Math.max(shortestSeconds, Math.round(secondsOf(duration) * this.#factor))}s`;
  }

  /** How long a condition must hold before its alert fires. */
  hold(duration: Duration): string {
    return this.#factor === 1 ? duration : `${Math.ceil(secondsOf(duration) * this.#factor)}s`;
  }

  /** A threshold in seconds. */
  seconds(duration: Duration): number {
    return secondsOf(duration) * this.#factor;
  }
}

/** @throws Error where the text is no duration */
export function secondsOf(duration: Duration): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (count === undefined || unit === undefined || !isUnit(unit)) throw new Error(`"${duration}" is no duration.`);
  return Number(count) * unitSeconds[unit];
}

function isUnit(text: string): text is keyof typeof unitSeconds {
  return text in unitSeconds;
}
