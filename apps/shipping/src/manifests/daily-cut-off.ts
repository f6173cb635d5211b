import { z } from 'zod';

/** When a tenant's parcels of a day are closed out by themselves, and whose. */
export const dailyManifestsSchema = z.strictObject({
  /** The time of day after which a day's labels go into its manifests, such as 17:30. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  /** Where that is the time, such as Europe/Berlin. */
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone of the IANA database'),
  /** The carriers that ask for manifests, such as usps. */
  carriers: z.array(z.string().min(1).max(100)).min(1).max(20),
});
export type DailyManifests = z.infer<typeof dailyManifestsSchema>;

/**
 * The last time that the parcels of a day were due to be closed out: `day` names it, `today` is the date there at the moment. A time of day that a
 * change of clocks leaves out comes when the clocks have gone on; one that comes twice is due the first time.
 */
export function lastCutOff({ at, timeZone }: Pick<DailyManifests, 'at' | 'timeZone'>, moment: Date): { readonly day: string; readonly today: string } {
  const { today, time } = localTime(timeZone, moment);
  return { day: time >= at ? today : dayBefore(today), today };
}

function localTime(timeZone: string, moment: Date): { readonly today: string; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return { today: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - 86_400_000).toISOString().slice(0, 10);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
