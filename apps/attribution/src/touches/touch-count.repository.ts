import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** Adds up what was noted of touches since it was last done, with the transaction's next statement; results must be claimed. */
export function addUpTouches(manager: EntityManager): void {
  runLater(manager, {
    text: `WITH noted AS (DELETE FROM touch_change WHERE tenant_id = $1 RETURNING *)
     INSERT INTO touch_count (tenant_id, day, kind, account, channel, campaign, product, currency, touches, cost_minor)
     SELECT tenant_id, day, kind, account, channel, campaign, product, currency, sum(touches), sum(cost_minor) FROM noted GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
     ON CONFLICT (tenant_id, day, kind, account, channel, campaign, product, currency)
     DO UPDATE SET touches = touch_count.touches + excluded.touches, cost_minor = touch_count.cost_minor + excluded.cost_minor`,
    values: [tenantContext.require().tenantId],
  });
}
