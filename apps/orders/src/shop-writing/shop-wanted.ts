import { orderStatusSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** A state that the shop is to be told, and who brought the order there. */
export const shopWantedSchema = z.object({ status: orderStatusSchema, by: z.enum(['crm', 'shipping']) });
export type ShopWanted = z.infer<typeof shopWantedSchema>;
