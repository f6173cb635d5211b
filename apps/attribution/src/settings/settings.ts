import { journeyModels } from '@crossdock/attribution-models';
import { z } from 'zod';
import { touchKinds } from '../touches/touch.ts';

/** What results follow from: a change of any of these has them worked out anew. */
const ruleShape = {
  /** How many days before a deal's close a touch may have been, to count. */
  windowDays: z.int().min(1).max(3_650).default(90),
  /** Of time decay: days after which a touch counts half. */
  halfLifeDays: z.number().min(0.01).max(3_650).default(7),
  /** Which kinds of touch count. */
  touchKinds: z.array(z.enum(touchKinds)).min(1).default(touchKinds.filter((kind) => kind !== 'sample_sent')),
  /** Whose touches count for a deal: those of its contacts, or of everybody at its companies. Those of a company count for a deal without a contact in any case. */
  reach: z.enum(['contacts', 'company']).default('contacts'),
  /** For each connection named the stages, by the CRM's names, in which a deal counts as converted; for the others those that the CRM calls won. */
  conversionStages: z.record(z.uuid(), z.array(z.string().min(1).max(255)).min(1).max(50)).default({}),
  /** The mapped field of a deal that says whose it is. */
  ownerField: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/).default('owner'),
};

/** A tenant's settings of attribution. */
export const settingsSchema = z.strictObject({
  ...ruleShape,
  /** The model that is written back, and that lists of single deals and samples show. */
  model: z.enum(journeyModels.filter((model) => model !== 'markov')).default('linear'),
  /** How many last touches a Markov chain looks at. */
  markovOrder: z.int().min(1).max(3).default(1),
  /** Every amount of reports is also told in this currency, by the tenant's own dated rates. */
  reportCurrency: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** Writes what a deal's revenue is credited to into a field of the deals of these accounts, by the name that their mappings give it. */
  writeBack: z.strictObject({ connectionIds: z.array(z.uuid()).min(1).max(50), field: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/) }).optional(),
});
export type AttributionSettings = z.infer<typeof settingsSchema>;

export const defaultSettings: AttributionSettings = settingsSchema.parse({});

/** The same for settings by which the same results come out and are written back alike. */
export function rulesOf(settings: AttributionSettings): string {
  const { windowDays, halfLifeDays, touchKinds: kinds, reach, conversionStages, ownerField, model, writeBack } = settings;
  const stages = Object.entries(conversionStages).map(([connectionId, names]) => [connectionId, names.toSorted()] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([windowDays, halfLifeDays, kinds.toSorted(), reach, stages, ownerField, writeBack ? [writeBack, model] : null]);
}
