import { createHash } from 'node:crypto';
import { installationId } from '@crossdock/contracts';
import { flags } from './flags.ts';

/** For how many of a hundred tenants a flag is on; `tenantId` is the installation's for all of them, and a tenant's own goes before that. */
export interface FlagRule {
  readonly flag: string;
  readonly tenantId: string;
  readonly percentage: number;
}

/** The rules of one moment, ready to be asked. */
export class FlagRules {
  readonly #percentages: ReadonlyMap<string, number>;

  constructor(rules: readonly FlagRule[]) {
    this.#percentages = new Map(rules.map(({ flag, tenantId, percentage }) => [`${flag}/${tenantId}`, percentage]));
  }

  /** Whether the flag is on for a tenant, and by which rule; undefined for a flag that there is not. */
  decide(flag: string, tenantId: string): { readonly isOn: boolean; readonly by: 'tenant' | 'roll_out' | 'default' } | undefined {
    const definition = flags[flag];
    if (!definition) return undefined;
    const own = this.#percentages.get(`${flag}/${tenantId}`);
    if (own !== undefined) return { isOn: own > 0, by: 'tenant' };
    const ofAll = this.#percentages.get(`${flag}/${installationId}`);
    return ofAll === undefined ? { isOn: definition.isOnByDefault, by: 'default' } : { isOn: placeOf(flag, tenantId) < ofAll, by: 'roll_out' };
  }
}

/** From 0 to below 100: the same for a tenant for ever, so that a roll-out that grows takes nobody out, and another one for each flag. */
function placeOf(flag: string, tenantId: string): number {
  return (createHash('sha256').update(`${flag}/${tenantId}`).digest().readUInt32BE() / 2 ** 32) * 100;
}
