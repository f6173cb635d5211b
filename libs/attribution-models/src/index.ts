export type { ChannelCredits } from './channel-credits.ts';
export type { TouchPath } from './credit-rules.ts';
export { JourneyCsvFault, readJourneyCsv } from './journey-csv.ts';
export { markovEffects, stepsEffects } from './markov.ts';
export { type JourneyTable, JourneyTableBuilder } from './journey-table.ts';
export {
  computeCredits, defaultParameters, type JourneyModel, journeyModels, type ModelParameters, sharesOfTouches, type TouchModel,
  touchModels,
} from './models.ts';
