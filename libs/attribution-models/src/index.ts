export { JourneyCsvFault, readJourneyCsv } from './journey-csv.ts';
export { type JourneyTable, JourneyTableBuilder } from './journey-table.ts';
export { computeCredits, defaultParameters, type JourneyModel, journeyModels, type ModelParameters } from './models.ts';
