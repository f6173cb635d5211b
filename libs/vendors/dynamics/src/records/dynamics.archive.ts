import { sendInBatches } from '@crossdock/crm-connector';
import { Failure, type CrmObject } from '@crossdock/contracts';
import type { DynamicsSession } from '../dynamics.api.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { failureOf } from '../dynamics.upserted.ts';
import { isRowId } from './dynamics.rows.ts';
import { tableOf } from './dynamics.tables.ts';

/** Deletes rows, as the vendor's own page does; one that is not there stays it. It does not throw a `Failure`. */
export function archiveDynamicsRecords(session: DynamicsSession, object: CrmObject, ids: readonly string[]): Promise<Array<'archived' | Failure>> {
  const operation = `${object}.delete`;
  return sendInBatches<string, 'archived'>(ids, {
    keyOf: (id) => id, maxBatchSize: dynamicsLimits.partsPerBatch,
    send: async (batch) => {
      const wrong = batch.find((id) => !isRowId(id));
      if (wrong !== undefined) throw new Failure('not_found', 'A record to be archived has an id that is none of Dynamics’.', { record: `dynamics ${object}` });
      const answers = await session.batch(operation, batch.map((id) => ({ method: 'DELETE', path: `${tableOf(object).entitySet}(${id})` })));
      return batch.map((_, index) => (answers[index]?.status === 404 ? 'archived' : failureOf(operation, answers[index]) ?? 'archived'));
    },
  });
}
