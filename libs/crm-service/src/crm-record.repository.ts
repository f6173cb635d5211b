import { createHash } from 'node:crypto';
import type { Deal } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';

/**
 * Keeps that this state of a deal is the one said last, in the caller's tenant transaction. A change of its contacts
 * does not move a deal's modified time in every CRM, so that the content counts as well.
 * @returns the digest of the state, or undefined where it is older than what was said, or the same.
 */
export async function keepIfNews(manager: EntityManager, tenantId: string, deal: Deal): Promise<string | undefined> {
  const digest = createHash('sha256').update(JSON.stringify(deal)).digest();
  const kept = await manager.query<unknown[]>(
    `INSERT INTO crm_record (tenant_id, connection_id, object, external_id, modified_at, digest)
     VALUES ($1, $2, 'deal', $3, $4, $5)
     ON CONFLICT (tenant_id, connection_id, object, external_id)
     DO UPDATE SET modified_at = excluded.modified_at, digest = excluded.digest
     WHERE crm_record.modified_at < excluded.modified_at
        OR (crm_record.modified_at = excluded.modified_at AND crm_record.digest <> excluded.digest)
     RETURNING 1`,
    [tenantId, deal.source.connectionId, deal.source.externalId, deal.modifiedAt, digest],
  );
  return kept.length > 0 ? digest.toString('hex') : undefined;
}
