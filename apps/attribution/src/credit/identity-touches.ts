import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Touch } from '../touches/touch.ts';

interface Row {
  readonly identity_id: string;
  readonly touch_id: string;
  readonly kind: Touch['kind'];
  readonly touched_at: Date;
  readonly channel: string;
  readonly campaign: string | null;
  readonly product: string | null;
}

/** The touches of these people, of those who have no won deal, by identity. */
export async function readIdentityTouches(manager: EntityManager, identityIds: readonly string[], rulesVersion: number): Promise<Map<string, Touch[]>> {
  if (identityIds.length === 0) return new Map();
  const rows = await manager.query<Row[]>(
    `WITH open AS (
       SELECT identity_id FROM unnest($2::uuid[]) AS asked(identity_id) WHERE NOT EXISTS (
         SELECT FROM identity AS own JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = own.key
         JOIN journey ON journey.deal_id = deal_party.deal_id AND journey.rules_version = $3 AND journey.superseded_at IS NULL AND journey.is_won
         WHERE own.tenant_id = $1 AND own.identity_id = asked.identity_id))
     SELECT open.identity_id, touch_id, kind, touched_at, channel, campaign, product
     FROM open JOIN identity AS member ON member.tenant_id = $1 AND member.identity_id = open.identity_id
     JOIN touch ON touch.tenant_id = $1 AND touch.contact_key = member.key`,
    [tenantContext.require().tenantId, [...identityIds], rulesVersion]);
  return new Map([...Map.groupBy(rows, ({ identity_id: id }) => id)].map(([id, touches]) => [id, touches.map(
    ({ touch_id: touchId, kind, touched_at: touchedAt, channel, campaign, product }) => ({ touchId, kind, touchedAt, channel, campaign, product }))]));
}
