import type { AgreedAdvisory } from './advisories.ts';

/** Advisories that do no harm here, each with its reason and the day on which it is looked at again. */
export const agreed: readonly AgreedAdvisory[] = [];
