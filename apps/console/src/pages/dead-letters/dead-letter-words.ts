import { formatCount } from '../../ui/amounts.ts';
import type { Line } from './dead-letter-queries.ts';

const origins: Readonly<Record<Line['origin'], string>> = { event: 'Event', task: 'Task', webhook: 'Webhook' };

/** What it is, such as `Task crm.upsert, parked`. */
export function whatItIs({ origin, kind, state }: Pick<Line, 'origin' | 'kind' | 'state'>): string {
  return `${origins[origin]} ${kind}${state === 'parked' ? ', parked' : ''}`;
}

/** The same with the record that it is about. */
export function titleOf(line: Pick<Line, 'origin' | 'kind' | 'state' | 'record'>): string {
  return `${whatItIs(line)}${line.record === null ? '' : `, ${line.record}`}`;
}

/** A reason as people say it: `outcome_unknown` → `outcome unknown`. */
export function reasonName(reason: string): string {
  return reason.replaceAll('_', ' ');
}

/** How far a list was read, and what is missing of it. */
export function howFarRead({ length, missing }: { readonly length: number; readonly missing: readonly string[] }, hasMore: boolean): string {
  const read = `${formatCount(length)} read`;
  if (missing.length === 0) return hasMore ? `${read}; more come as you scroll.` : `${read}, which are all.`;
  const gap = `${new Intl.ListFormat().format(missing)} did not answer meanwhile: what is kept there may be missing until the list is read anew.`;
  return hasMore ? `${read}; more come as you scroll. ${gap}` : `${read}. ${gap}`;
}
