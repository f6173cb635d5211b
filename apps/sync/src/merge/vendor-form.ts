import type { FieldValue } from '@crossdock/contracts';

const dayMs = 86_400_000;
const instant = /^\d{4}-\d{2}-\d{2}T/;

/**
 * Whether a vendor may have made this of a value that was written there: it changes the case of letters, blanks and punctuation,
 * cuts off an end, rounds, keeps the day of a time only, or drops the value. Anything else is somebody's own value.
 */
export function mayBeFormOf(ours: FieldValue, theirs: FieldValue): boolean {
  if (theirs === null) return true;
  if (typeof ours === 'string' && typeof theirs === 'string') {
    if (instant.test(ours) && instant.test(theirs)) return Math.abs(Date.parse(ours) - Date.parse(theirs)) <= dayMs;
    const kept = bare(theirs);
    return kept === '' ? bare(ours) === '' : bare(ours).startsWith(kept);
  }
  if (typeof ours === 'number' && typeof theirs === 'number') return Math.abs(ours - theirs) < 1;
  const [written, held] = [moneyOf(ours), moneyOf(theirs)];
  return written !== undefined && written.currency === held?.currency && Math.abs(written.amountMinor - held.amountMinor) < 100;
}

function bare(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function moneyOf(value: FieldValue): { readonly amountMinor: number; readonly currency: string } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
