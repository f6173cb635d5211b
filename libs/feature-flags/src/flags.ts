import { vendors, type Vendor } from '@crossdock/contracts';

/** One switch: what it lets a tenant do, and whether it does so where nobody has said anything. */
export interface FlagDefinition {
  readonly description: string;
  readonly isOnByDefault: boolean;
}

export type FlagName = `connect-${Vendor}` | 'crm-bulk-writes' | 'attribution-markov';

const connecting = Object.fromEntries(vendors.map((vendor): [string, FlagDefinition] => [
  `connect-${vendor}`, { description: `Accounts at ${vendor} may be connected. Accounts that are connected stay.`, isOnByDefault: true },
]));

/** Every flag there is. A flag that nothing asks for is refused by a test. */
export const flags: Readonly<Record<string, FlagDefinition>> = {
  ...connecting,
  'crm-bulk-writes': { description: 'Very many writes of records go by the vendor’s own jobs. Otherwise they go in batches, as few do.', isOnByDefault: true },
  'attribution-markov': { description: 'Revenue may be credited by Markov chains in reports.', isOnByDefault: true },
};
