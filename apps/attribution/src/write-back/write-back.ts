import { crmVendorSchema, deterministicId, writeRequested } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { readJourneys } from '../credit/journey.repository.ts';
import type { Rules } from '../settings/settings.repository.ts';
import { creditSummary } from './credit-summary.ts';

interface DealRow {
  readonly deal_id: string;
  readonly vendor: string;
  readonly connection_id: string;
  readonly external_id: string;
  readonly written: string | null;
}

/** Has a field of deals hold what their revenue is credited to, where the tenant wants that. */
@Injectable()
export class WriteBack {
  constructor(private readonly publisher: EventPublisher) {}

  /** Asks the CRMs of these deals to hold what the live results say; one that was asked for the same before is not asked again. */
  async write(manager: EntityManager, dealIds: readonly string[], { rulesVersion, settings }: Rules): Promise<void> {
    const { writeBack, model, halfLifeDays } = settings;
    if (!writeBack || dealIds.length === 0) return;
    const deals = await manager.query<DealRow[]>(
      `SELECT deal.deal_id, vendor, connection_id, external_id, written_credit.summary AS written FROM deal LEFT JOIN written_credit USING (deal_id)
       WHERE deal.tenant_id = $1 AND deal.deal_id = ANY($2) AND connection_id = ANY($3)`,
      [tenantContext.require().tenantId, [...dealIds], writeBack.connectionIds]);
    const journeys = await readJourneys(manager, rulesVersion, deals.map(({ deal_id: id }) => id));
    for (const deal of deals) {
      const kept = journeys.get(deal.deal_id);
      const summary = kept?.isWon ? creditSummary(kept.journey, model, halfLifeDays) : '';
      if (summary !== (deal.written ?? '')) await this.#request(manager, deal, { field: writeBack.field, summary });
    }
  }

  async #request(manager: EntityManager, deal: DealRow, { field, summary }: { readonly field: string; readonly summary: string }): Promise<void> {
    const vendor = crmVendorSchema.safeParse(deal.vendor);
    if (!vendor.success) return;
    await manager.query(
      `INSERT INTO written_credit (deal_id, tenant_id, summary) VALUES ($1, $2, $3) ON CONFLICT (deal_id) DO UPDATE SET summary = excluded.summary`,
      [deal.deal_id, tenantContext.require().tenantId, summary]);
    const requestId = uuid();
    await this.publisher.publish(manager, writeRequested, {
      id: deterministicId('attribution.write', requestId), subject: `attribution/deal/${deal.deal_id}`,
      data: {
        vendor: vendor.data, connectionId: deal.connection_id, object: 'deal', requestId, recordKey: `attribution/${deal.deal_id}`,
        action: { kind: 'write', target: { externalId: deal.external_id }, fields: { [field]: summary === '' ? null : summary } },
      },
    });
  }
}
