export type { ChannelCredits } from './channel-credits.ts';
export type { TouchPath } from './credit-rules.ts';
export { JourneyCsvFault, readJourneyCsv } from './journey-csv.ts';
export { type JourneyTable, JourneyTableBuilder } from './journey-table.ts';
export {
  computeCredits, defaultParameters, type JourneyModel, journeyModels, type JourneyWideModel, journeyWideModels, type ModelParameters, sharesOfTouches, type TouchModel,
  touchModels,
} from './models.ts';
