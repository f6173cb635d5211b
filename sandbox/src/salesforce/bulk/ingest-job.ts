import type { SObjectType } from '../records/sobject-fields.ts';
import { RecordWriting, SeveralMatch, type PreparedWrite } from '../records/record-writing.ts';
import { entityDeleted, SalesforceRefusal, unknownRecord } from '../salesforce-refusals.ts';
import type { Org } from '../orgs.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { readCsv } from './csv.ts';

export type IngestState = 'Open' | 'UploadComplete' | 'JobComplete' | 'Failed' | 'Aborted';
type Row = Record<string, string>;

/** Records that are written in the background, as CSV brought them, and what became of each. */
export interface IngestJob {
  id: string;
  operation: 'insert' | 'update' | 'upsert';
  object: SObjectType;
  externalIdFieldName?: string | undefined;
  createdById: string;
  createdDate: string;
  state: IngestState;
  errorMessage?: string;
  data: { names: string[]; rows: Row[] } | undefined;
  successful: Row[];
  failed: Row[];
  unprocessed: Row[];
  /** How often somebody asked how far it is since the upload was complete. */
  looks: number;
}

/** Rows of one batch inside a job, in which an external id may stand once. */
const batchRows = 200;

export function upload(job: IngestJob, text: string): void {
  job.data = readCsv(text);
}

/** Writes the rows one by one; a column that is no field fails the job, and nothing is written. */
export function process(job: IngestJob, org: Org, journal: WriteJournal): void {
  const { names, rows } = job.data ?? { names: [], rows: [] };
  const fields = org.records.fields(job.object);
  const unknown = names.find((name) => !fields.has(name.toLowerCase()));
  if (unknown !== undefined) {
    Object.assign(job, { state: 'Failed', errorMessage: `InvalidBatch : Field name not found : ${unknown}`, unprocessed: rows } satisfies Partial<IngestJob>);
    return;
  }
  const writing = new RecordWriting(org, journal);
  for (const [index, row] of rows.entries()) {
    const inBatch = rows.slice(index - (index % batchRows), index);
    try {
      const { record, created } = prepare(job, row, { org, writing, inBatch }).run();
      job.successful.push({ sf__Id: record.id, sf__Created: String(created), ...row });
    } catch (error) {
      job.failed.push({ sf__Id: '', sf__Error: errorOf(error), ...row });
    }
  }
  job.state = 'JobComplete';
}

function prepare({ operation, object, externalIdFieldName: key = '' }: IngestJob, row: Row, { org, writing, inBatch }: { org: Org; writing: RecordWriting; inBatch: Row[] }): PreparedWrite {
  const fields = org.records.fields(object);
  const { Id: id = '', ...values } = Object.fromEntries(Object.entries(row).filter(([, text]) => text !== '').map(([name, text]) => [name, typed(fields.get(name.toLowerCase())?.type, text)]));
  if (operation === 'insert') return writing.prepareCreate(object, values);
  if (operation === 'update') {
    const record = org.records.find(object, String(id));
    if (record === undefined) throw unknownRecord();
    if (record.deleted) throw entityDeleted();
    return writing.prepareUpdate(record, values);
  }
  const { [key]: externalId, ...rest } = values;
  if (typeof externalId !== 'string') throw new SalesforceRefusal(400, 'MISSING_ARGUMENT', `${key} not specified`, []);
  if (inBatch.some((other) => other[key]?.toLowerCase() === externalId.toLowerCase())) {
    throw new SalesforceRefusal(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${externalId}`, [key]);
  }
  return writing.prepareUpsert(object, key, externalId, rest);
}

/** In CSV everything is text; `#N/A` empties a field. */
function typed(type: string | undefined, text: string): string | number | boolean | null {
  if (text === '#N/A') return null;
  if (type === 'boolean') return text === 'true';
  return (type === 'currency' || type === 'double') && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** `CODE:text:fields --` */
function errorOf(error: unknown): string {
  if (error instanceof SalesforceRefusal) return `${error.errorCode}:${error.reason}:${error.fields.join(',')} --`;
  if (error instanceof SeveralMatch) return `DUPLICATE_EXTERNAL_ID:${error.message}: --`;
  throw error;
}
