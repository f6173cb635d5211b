import type { AnswerOf } from '../../api/route-types.ts';
import { formatCount, formatSpan } from '../../ui/amounts.ts';

export type LimitUsage = NonNullable<AnswerOf<'GET /v1/connections/{id}/health'>['budget']>[number];

/** What limits count apart from others of their vendor, by their names; all others count whatever is called. */
const kinds: Readonly<Record<string, string>> = {
  'search': 'Searches', 'writes': 'Writes', 'reads': 'Reads', 'lists': 'Lists', 'tracking-writes': 'Parcels registered', 'tracking-reads': 'Parcels looked up',
  'sub-concurrency': 'Queries and writes',
};
const units = { calls: 'Calls', tokens: 'Tokens', credits: 'Credits', milliseconds: 'Time the vendor works' } as const;

/** What a limit is about, such as "Calls in 10 seconds". */
export function limitName({ name, unit, windowSeconds }: LimitUsage): string {
  return `${kinds[name] ?? units[unit]} ${windowSeconds === undefined ? 'at once' : `in ${formatSpan(windowSeconds)}`}`;
}

/** How much of it is used, such as "12 of 100". */
export function usedOfGranted({ unit, used, granted }: LimitUsage): string {
  const format = unit === 'milliseconds' ? (milliseconds: number) => formatSpan(milliseconds / 1_000) : formatCount;
  return `${format(used)} of ${format(granted)}`;
}

/** From an hour on the minute says enough of when a window is renewed. */
export function isLongWindow({ windowSeconds = 0 }: LimitUsage): boolean {
  return windowSeconds >= 3_600;
}
