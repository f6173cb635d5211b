import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { AttributionSettings } from '../settings/settings.ts';
import type { Touch } from '../touches/touch.ts';
import type { FactSelection } from './fact-selection.ts';
import { type JourneySteps, stepsOf } from './journey.ts';
import { wonDeals } from './journey.repository.ts';
import { type ReachedTouch, reachedTouch, touchesOf } from './reached-touch.ts';

/** A person, with all touches where they have no won deal; with none otherwise. */
export interface IdentityTouches {
  readonly identityId: string;
  readonly touches: readonly Touch[];
}

/** The journey that touches give which have led to nothing so far; undefined where none of them counts by these settings. */
export function openStepsOf(touches: readonly Touch[], { touchKinds, windowDays }: AttributionSettings): JourneySteps | undefined {
  const counted = touches.filter(({ kind }) => touchKinds.includes(kind));
  const last = counted.reduce<Date | undefined>((latest, { touchedAt }) => (latest && latest >= touchedAt ? latest : touchedAt), undefined);
  return last && stepsOf(counted, { end: last, windowDays, touchKinds });
}

interface Row {
  readonly identity_id: string;
  readonly touches: readonly ReachedTouch[] | null;
}

/** The touches of these people. */
export async function readIdentityTouches(manager: EntityManager, identityIds: readonly string[], rulesVersion: number): Promise<IdentityTouches[]> {
  if (identityIds.length === 0) return [];
  const { tenantId } = tenantContext.require();
  // A company is with all deals of its people, and reached by no touch itself.
  const parties = await manager.query<Array<{ identity_id: string; deal_id: string }>>(
    `SELECT own.identity_id, deal_party.deal_id FROM identity AS own JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = own.key
     WHERE own.tenant_id = $1 AND own.identity_id = ANY($2) AND own.key !~ '^(domain|company):'`,
    [tenantId, [...identityIds]]);
  const won = await wonDeals(manager, rulesVersion, parties.map(({ deal_id: id }) => id));
  const converted = new Set(parties.filter(({ deal_id: id }) => won.has(id)).map(({ identity_id: id }) => id));
  const open = identityIds.filter((id) => !converted.has(id));
  const rows = await manager.query<Row[]>(`WITH open AS MATERIALIZED (SELECT identity_id FROM unnest($2::uuid[]) AS given(identity_id)), ${way} SELECT * FROM way`, [tenantId, open]);
  const touches = new Map(rows.map((row) => [row.identity_id, touchesOf(row.touches)]));
  return identityIds.map((identityId) => ({ identityId, touches: touches.get(identityId) ?? [] }));
}

/** The people that come after one, by their ids, with their touches. */
export function identityTouchesAfter(after: string, atMost: number, rulesVersion: number): FactSelection<IdentityTouches> {
  return {
    statement: `
      WITH asked AS MATERIALIZED (SELECT DISTINCT identity_id FROM identity WHERE tenant_id = $1 AND identity_id > $3 ORDER BY identity_id LIMIT $4),
      open AS (
        SELECT identity_id FROM asked WHERE NOT EXISTS (
          SELECT FROM identity AS own JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = own.key
          JOIN journey ON journey.deal_id = deal_party.deal_id AND journey.rules_version = $2 AND journey.superseded_at IS NULL AND journey.is_won
          WHERE own.tenant_id = $1 AND own.identity_id = asked.identity_id)),
      ${way}
      SELECT identity_id, way.touches FROM asked LEFT JOIN way USING (identity_id) ORDER BY identity_id`,
    values: [tenantContext.require().tenantId, rulesVersion, after, atMost],
    factsOf: (rows: readonly Row[]) => rows.map(({ identity_id: identityId, touches }) => ({ identityId, touches: touchesOf(touches) })),
  };
}

/** The touches of each of `open`. */
const way = `
  way AS (
    SELECT open.identity_id, json_agg(${reachedTouch}) AS touches
    FROM open JOIN identity AS member ON member.tenant_id = $1 AND member.identity_id = open.identity_id
    JOIN touch ON touch.tenant_id = $1 AND touch.contact_key = member.key
    GROUP BY open.identity_id)`;
