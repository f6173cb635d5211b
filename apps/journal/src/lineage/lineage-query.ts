import { z } from 'zod';

/** Which record's way is asked for, and which part of it. */
export const lineageQuerySchema = z.strictObject({
  /**
   * A record as events name it — `order/<id>`, `shipment/<id>`, `tracking/<number>`, `event/<id>`, `<vendor>/<contact|company|deal|order>/<id>` — or an id alone:
   * of an order, a shipment, an event, a webhook (which bears the id of its event), or a vendor's.
   */
  record: z.string().min(1).max(320),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  /** `nextCursor` of the page before. */
  cursor: z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z\|[0-9a-f-]{36}$/, 'is not a cursor that an answer gave').optional(),
});
export type LineageQuery = z.infer<typeof lineageQuerySchema>;
