import { serviceNames, type ServiceName } from '@crossdock/contracts';
import { type Given, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';

const UNIT_MS = new Map([['s', 1_000], ['m', 60_000], ['h', 3_600_000], ['d', 86_400_000]]);

/** `90s`, `15m`, `2h` or `3d` before now, as a time. @throws UsageFault where it is none of these. */
export function agoOf(text: string, now: Date): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit ?? '');
  if (count === undefined || unitMs === undefined) throw new UsageFault(`"${text}" is no age: give a number with s, m, h or d, such as 2h.`);
  return new Date(now.getTime() - Number(count) * unitMs).toISOString();
}

/** `beginning`, `end`, a time, or `partition:offset,…`, as the API takes it. */
export function positionOf(text: string): 'beginning' | 'end' | { time: string } | { offsets: Record<string, string> } {
  if (text === 'beginning' || text === 'end') return text;
  if (/^\d+:\d+(,\d+:\d+)*$/.test(text)) {
    return { offsets: Object.fromEntries(text.split(',').map((pair) => pair.split(':'))) as Record<string, string> };
  }
  const time = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time)) {
    throw new UsageFault(`"${text}" is no position: give beginning, end, a time such as 2026-01-31T12:00:00Z, or partition:offset,….`);
  }
  return { time: new Date(time).toISOString() };
}

/** The name of a service. */
export function serviceOf(text: string | undefined): ServiceName {
  const service = serviceNames.find((name) => name === text);
  if (service === undefined) throw new UsageFault(`${text === undefined ? 'Name a service' : `"${text}" is no service`}: ${serviceNames.join(', ')}.`);
  return service;
}

/** A record of a service, as the lists name it: `orders/0198f…`. */
export function recordOf(text: string | undefined): { readonly service: ServiceName; readonly id: string } {
  const [service, id, ...more] = text?.split('/') ?? [];
  if (id === undefined || more.length > 0) throw new UsageFault(`${text === undefined ? 'Name what you mean' : `"${text}" names nothing`}: give service/id, as the list shows it.`);
  return { service: serviceOf(service), id };
}

/** Why something is done; every act asks for it. */
export function whyOf(given: Given): string {
  const why = textOf(given, 'why')?.trim() ?? '';
  if (why.length < 3) throw new UsageFault('Say why, for the audit: --why "…".');
  return why;
}

/** A number of days, as an option gives it. @throws UsageFault where it is none, or out of bounds. */
export function daysOf(given: Given, option: string, { least = 1, most = Number.MAX_SAFE_INTEGER, otherwise }: { readonly least?: number; readonly most?: number; readonly otherwise?: number } = {}): number {
  const days = Number(textOf(given, option) ?? otherwise);
  if (!Number.isInteger(days) || days < least || days > most) {
    throw new UsageFault(`--${option} takes a whole number of days from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}.`);
  }
  return days;
}
