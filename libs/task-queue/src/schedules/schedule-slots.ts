import { Cron } from 'croner';

/** When something recurs: a cron expression of five or six fields in UTC, or every so many milliseconds since 1970. */
export type Rhythm = { readonly cron: string } | { readonly everyMs: number };

/** The slots of a rhythm: moments that follow from it alone, so that every replica names the same ones. */
export interface Slots {
  /** Says the rhythm, to notice that it changed. */
  readonly text: string;
  /** The last slot at or before a moment. */
  latest(moment: Date): Date;
  /** The first slot after a moment. */
  next(moment: Date): Date;
}

/** @throws Error where the expression is wrong, or never comes true: a fault of ours, noticed at the start. */
export function slotsOf(rhythm: Rhythm): Slots {
  return 'cron' in rhythm ? slotsOfCron(rhythm.cron) : slotsOfPeriod(rhythm.everyMs);
}

function slotsOfCron(expression: string): Slots {
  const cron = new Cron(expression, { timezone: 'UTC', paused: true });
  const required = (slot: Date | null | undefined): Date => {
    if (!slot) throw new Error(`The cron expression "${expression}" has no slot there.`);
    return slot;
  };
  required(cron.nextRun(new Date(0)));
  return {
    text: `cron ${expression}`,
    // A slot at the moment itself belongs to it: croner looks strictly before.
    latest: (moment) => required(cron.previousRuns(1, new Date(moment.getTime() + 1))[0]),
    next: (moment) => required(cron.nextRun(moment)),
  };
}

function slotsOfPeriod(everyMs: number): Slots {
  if (!Number.isInteger(everyMs) || everyMs < 1_000) throw new Error(`A schedule recurs every second at most, not every ${everyMs} ms.`);
  const latestMs = (moment: Date): number => Math.floor(moment.getTime() / everyMs) * everyMs;
  return {
    text: `every ${everyMs} ms`,
    latest: (moment) => new Date(latestMs(moment)),
    next: (moment) => new Date(latestMs(moment) + everyMs),
  };
}
