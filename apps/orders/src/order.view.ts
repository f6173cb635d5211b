import type { CrmVendor, DealStatus, Order, OrderStatus } from '@crossdock/contracts';
import { isBehind } from './crm-sync.machine.ts';
import type { CustomerOrder } from './order.entity.ts';

/** An order as the API shows it. Times are ISO 8601 in UTC with milliseconds. */
export interface OrderView {
  readonly id: string;
  readonly connectionId: string;
  readonly externalId: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly modifiedAt: string;
  readonly deletedAt?: string;
  /** The id of the order's deal at the CRM, once the CRM has it. */
  readonly crmOrderId?: string;
  readonly crm: CrmView;
  readonly order: Order;
}

interface CrmView {
  readonly state: 'not_linked' | 'behind' | 'in_step';
  readonly vendor?: CrmVendor;
  readonly connectionId?: string;
  readonly contactId?: string;
  readonly dealStatus?: DealStatus;
}

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
