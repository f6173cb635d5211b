export type { ChangedOrders, OrderFields, OrderReading, OrderSource, OrderWrite, PlacedWithin, ShopOrder, ShopStatus } from './order-source.ts';
export type { OrderNotice, OrderWebhooks, WebhookTarget, WebhookUpkeep } from './order-webhooks.ts';
