import { schemaFault } from '../pipedrive-refusals.ts';

/** The number in an address. */
export function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw schemaFault('id', 'must be an integer');
  return Number(text);
}
