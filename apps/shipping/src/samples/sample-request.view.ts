import { crmVendorSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { sampleRequestStates, type SampleRequest } from './sample-request.repository.ts';

/** A sample that a deal asked for, as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export const sampleRequestViewSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  vendor: crmVendorSchema,
  connectionId: z.uuid(),
  dealId: z.string(),
  round: z.int().describe('Counts what the deal asked for, one after the other.'),
  sku: z.string(),
  quantity: z.int(),
  campaign: z.string().nullable(),
  state: z.enum(sampleRequestStates),
  detail: z.string().nullable().describe('What is missing, or why it was refused.'),
  shipmentId: z.uuid().nullable(),
  dealModifiedAt: timestampSchema.describe('When the deal was last changed at the CRM.'),
}).meta({ id: 'SampleRequest' });
export type SampleRequestView = z.infer<typeof sampleRequestViewSchema>;

export function viewSampleRequest({ dealModifiedAt, ...request }: SampleRequest): SampleRequestView {
  return { ...request, dealModifiedAt: dealModifiedAt.toISOString() };
}
