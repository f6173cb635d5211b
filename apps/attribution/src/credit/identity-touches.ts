import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { AttributionSettings } from '../settings/settings.ts';
import type { Touch } from '../touches/touch.ts';
import type { FactSelection } from './fact-selection.ts';
import { type JourneySteps, stepsOf } from './journey.ts';
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

/**
 * The touches of these people. Whether one has a won deal is asked deal by deal: of rules that are new PostgreSQL does not know yet how many journeys are won, and would read them all.
 */
export async function readIdentityTouches(manager: EntityManager, identityIds: readonly string[], rulesVersion: number): Promise<IdentityTouches[]> {
  if (identityIds.length === 0) return [];
  const rows = await manager.query<Row[]>(`WITH ${openAmong}, ${way} SELECT * FROM way`, [tenantContext.require().tenantId, rulesVersion, [...identityIds]]);
  const touches = new Map(rows.map((row) => [row.identity_id, touchesOf(row.touches)]));
  return identityIds.map((identityId) => ({ identityId, touches: touches.get(identityId) ?? [] }));
}

/** A company is with all deals of its people, and reached by no touch itself. */
const openAmong = `
  open AS MATERIALIZED (
    SELECT asked.identity_id FROM unnest($3::uuid[]) AS asked (identity_id)
    WHERE (
      SELECT bool_or((SELECT is_won FROM journey WHERE journey.deal_id = deal_party.deal_id AND journey.rules_version = $2 AND superseded_at IS NULL))
      FROM identity AS own JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = own.key
      WHERE own.tenant_id = $1 AND own.identity_id = asked.identity_id AND own.key !~ '^(domain|company):') IS NOT TRUE)`;

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
