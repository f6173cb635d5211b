import type { TouchPath } from '@crossdock/attribution-models';
import type { Money } from '@crossdock/contracts';
import { z } from 'zod';
import { directChannel, touchKinds, type Touch } from '../touches/touch.ts';

/** The touches that count, in order, column by column; what they said at the time, so that a number can be shown to come from them. */
export const pathSchema = z.object({
  touchIds: z.array(z.uuid()),
  /** Milliseconds since 1970. */
  atMs: z.array(z.number()),
  kinds: z.array(z.enum(touchKinds)),
  channels: z.array(z.string()),
  campaigns: z.array(z.string().nullable()),
  products: z.array(z.string().nullable()),
});
export type JourneySteps = z.infer<typeof pathSchema>;

/** The way to one won deal. */
export interface Journey {
  readonly convertedAt: Date;
  /** When the deal was first heard of. */
  readonly openedAt: Date;
  readonly revenue: Money;
  /** Connection that the deal is at. */
  readonly account: string;
  readonly owner: string | undefined;
  readonly steps: JourneySteps;
}

const millisecondsPerDay = 86_400_000;

/**
 * Of all touches that may count those that do: of the kinds wanted, not after the end and not before the window.
 * The result depends on the set of touches alone.
 */
export function stepsOf(
  touches: readonly Touch[], { end, windowDays, touchKinds: wanted }: { readonly end: Date; readonly windowDays: number; readonly touchKinds: readonly string[] },
): JourneySteps {
  const from = end.getTime() - windowDays * millisecondsPerDay;
  const counted = touches
    .filter(({ kind, touchedAt }) => wanted.includes(kind) && touchedAt.getTime() <= end.getTime() && touchedAt.getTime() >= from)
    .sort((a, b) => a.touchedAt.getTime() - b.touchedAt.getTime() || (a.touchId < b.touchId ? -1 : 1));
  return {
    touchIds: counted.map(({ touchId }) => touchId), atMs: counted.map(({ touchedAt }) => touchedAt.getTime()), kinds: counted.map(({ kind }) => kind),
    channels: counted.map(({ channel }) => channel), campaigns: counted.map(({ campaign }) => campaign), products: counted.map(({ product }) => product),
  };
}

/** A journey as credit rules look at it. */
export class JourneyPath implements TouchPath {
  readonly length: number;
  /** The first touch by which the person became a lead. */
  readonly leadIndex: number | undefined;
  /** The last touch before the deal was there. */
  readonly opportunityIndex: number | undefined;

  constructor(private readonly journey: Pick<Journey, 'steps' | 'convertedAt' | 'openedAt'>) {
    const { kinds, atMs } = journey.steps;
    this.length = atMs.length;
    this.leadIndex = placeOf(kinds.indexOf('lead'));
    this.opportunityIndex = placeOf(atMs.findLastIndex((at) => at <= journey.openedAt.getTime()));
  }

  daysBefore(index: number): number {
    return (this.journey.convertedAt.getTime() - (this.journey.steps.atMs[index] ?? 0)) / millisecondsPerDay;
  }

  isDirect(index: number): boolean {
    return this.journey.steps.channels[index] === directChannel;
  }
}

function placeOf(index: number): number | undefined {
  return index < 0 ? undefined : index;
}

/** Days from 1970 to a time, in UTC. */
export function dayNumberOf(atMs: number): number {
  return Math.floor(atMs / millisecondsPerDay);
}

/** The day of a number, `YYYY-MM-DD`. */
export function dayOf(dayNumber: number): string {
  return new Date(dayNumber * millisecondsPerDay).toISOString().slice(0, 10);
}
