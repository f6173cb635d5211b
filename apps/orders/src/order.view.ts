import {
  crmVendorSchema, dealFieldsSchema, orderSchema, orderStatusSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { isBehind } from './crm-sync.machine.ts';
import type { CustomerOrder } from './order.entity.ts';

const crmViewSchema = z.object({
  state: z.enum(['not_linked', 'behind', 'in_step']),
  vendor: crmVendorSchema.exactOptional(),
  connectionId: z.uuid().exactOptional(),
  contactId: z.string().exactOptional(),
  dealStatus: dealFieldsSchema.shape.status.exactOptional(),
});

/** An order as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export const orderViewSchema = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string(),
  status: orderStatusSchema,
  version: z.int(),
  modifiedAt: timestampSchema,
  deletedAt: timestampSchema.exactOptional(),
  crmOrderId: z.string().exactOptional().describe(`The id of the order's deal at the CRM, once the CRM has it.`),
  crm: crmViewSchema,
  order: orderSchema.extend({ customer: orderSchema.shape.customer.exactOptional().describe('Left out for whoever may not see people’s data.') }).meta({ id: 'CanonicalOrder' }),
}).meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderViewSchema>;

export function viewOrder(order: CustomerOrder): OrderView {
  const { dealId, contactId } = order.crmSync;
  return {
    id: order.orderId,
    connectionId: order.connectionId,
    externalId: order.externalId,
    status: order.status,
    version: order.version,
    modifiedAt: order.modifiedAt.toISOString(),
    ...(order.deletedAt && { deletedAt: order.deletedAt.toISOString() }),
    ...(dealId !== undefined && { crmOrderId: dealId }),
    crm: {
      state: order.crmConnectionId === null ? 'not_linked' : isBehind(order.crmSync) ? 'behind' : 'in_step',
      ...(order.crmVendor && { vendor: order.crmVendor }),
      ...(order.crmConnectionId !== null && { connectionId: order.crmConnectionId }),
      ...(contactId !== undefined && { contactId }),
      ...(order.dealStatus && { dealStatus: order.dealStatus }),
    },
    order: order.canonical,
  };
}
