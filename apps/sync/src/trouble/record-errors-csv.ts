import { stringify } from 'csv-stringify/sync';
import { advised, type AdvisedError } from './advice.ts';

const columns = ['goldenId', 'connectionId', 'externalId', 'kind', 'field', 'message', 'advice'] as const satisfies ReadonlyArray<keyof AdvisedError>;

/** Records that an account did not take, as lines of RFC 4180. Texts that a spreadsheet would take for formulas are quoted as text. */
export function recordErrorsAsCsv(errors: readonly AdvisedError[], { hasHeader }: { readonly hasHeader: boolean }): string {
  return stringify([...errors], { header: hasHeader, columns: [...columns], escape_formulas: true, record_delimiter: 'windows' });
}

/** What such a file looks like. */
export const recordErrorsCsvExample = recordErrorsAsCsv([
  advised({
    goldenId: '5c1ff6b4-0e0b-7d5e-9d3a-6f0a3a2f9b10', connectionId: '0b7a1c52-6f0d-7b3c-8e4f-2d9c1a5e7f31', externalId: '0015g00000AbCdE', kind: 'invalid', field: 'Tier__c',
    message: 'The value "Gold" is no active option of the field.',
  }),
], { hasHeader: true });
