import { sendInBatches } from '@crossdock/crm-connector';
import { Failure, type CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { isRecordId } from '../zoho.coql.ts';
import { zohoErrorSchema, zohoRecordFailure } from '../zoho.errors.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { moduleOf } from './zoho.modules.ts';

const resultsSchema = z.object({ data: z.array(z.union([z.object({ status: z.literal('success') }), zohoErrorSchema.extend({ status: z.literal('error') })])) });

/** Puts records into the recycle bin, a hundred a call; an id that Zoho does not know is not there any more. It does not throw a `Failure`. */
export function archiveZohoRecords(api: ZohoApi, object: CrmObject, ids: readonly string[]): Promise<Array<'archived' | Failure>> {
  const operation = `${object}.delete`;
  return sendInBatches<string, 'archived'>(ids, {
    keyOf: (id) => id, maxBatchSize: zohoLimits.recordBatchSize,
    send: async (batch) => {
      const wrong = batch.find((id) => !isRecordId(id));
      if (wrong !== undefined) throw new Failure('not_found', 'A record to be archived has an id that is none of Zoho’s.', { record: `zoho ${object}` });
      const answer = await api.send(resultsSchema, { method: 'DELETE', path: `${moduleOf(object)}?ids=${batch.join(',')}`, operation });
      return batch.map((_, index) => {
        const result = answer?.data[index];
        if (!result) return new Failure('outcome_unknown', `Zoho answered ${operation} without a word on one of the records.`);
        return result.status === 'success' || result.code === 'INVALID_DATA' ? 'archived' : zohoRecordFailure(operation, result);
      });
    },
  });
}
