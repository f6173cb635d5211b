import { asFailure, deterministicId, Failure, type DealState, type PostalAddress } from '@crossdock/contracts';
import { tenantContext, TenantDatabase, type TenantScope } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { shipmentRequestSchema } from '../shipments/shipment-request.ts';
import { ShipmentService } from '../shipments/shipment.service.ts';
import { requireKit } from './sample-kit.ts';
import { claimSampleRequest, findKnown, listSampleRequests, saveSampleRequest, type SampleRequest, type SampleRequestState } from './sample-request.repository.ts';
import { wantedSample, type WantedSample } from './wanted-sample.ts';

export interface SampleRecipient {
  readonly to: PostalAddress;
  readonly contactEmail: string;
}

/** A deal as its CRM told it, and in whose name what follows from it is said. */
export interface ToldDeal {
  readonly deal: DealState;
  readonly scope: TenantScope;
}

/** Samples that deals in a CRM ask for. */
@Injectable()
export class SampleRequests {
  constructor(private readonly database: TenantDatabase, private readonly shipments: ShipmentService) {}

  /**
   * The same as `take` for many, in their order: most deals ask for nothing and never did, and cost one look-up together.
   * @returns whether anything followed from any of them
   */
  async takeAll(manager: EntityManager, told: readonly ToldDeal[]): Promise<boolean> {
    const silent = told.flatMap(({ deal }) => (wantedSample(deal) ? [] : [idOf(deal)]));
    const known = await findKnown(manager, silent);
    let followed = false;
    for (const { deal, scope } of told) {
      if (!wantedSample(deal) && !known.has(idOf(deal))) continue;
      followed = await tenantContext.run(scope, () => this.take(manager, deal)) || followed;
    }
    return followed;
  }

  /**
   * Starts the sample that a deal asks for, once: the same words in later versions of the deal mean the same sample; others, or the
   * same after none, mean a new one. What cannot be sent says why and starts when the deal or a person mends it.
   * @returns whether anything followed from it
   */
  async take(manager: EntityManager, deal: DealState): Promise<boolean> {
    const wanted = wantedSample(deal);
    const { vendor, connectionId, externalId: dealId } = deal.source;
    if (vendor === 'woocommerce' || vendor === 'shippo') return false;
    const { tenantId } = tenantContext.require();
    const id = idOf(deal);
    const before = await claimSampleRequest(manager, id);
    const dealModifiedAt = new Date(deal.modifiedAt);
    if ((!wanted && !before) || (before && dealModifiedAt < before.dealModifiedAt)) return false;
    if (before && !wanted) {
      await saveSampleRequest(manager, { ...before, state: before.state === 'shipping' ? 'shipping' : 'withdrawn', sku: '', dealModifiedAt });
      return true;
    }
    if (!wanted || (before?.state === 'shipping' && before.sku === wanted.sku && before.quantity === wanted.quantity)) return false;
    const isNew = !before || before.state === 'shipping' || before.state === 'withdrawn';
    const request: SampleRequest = {
      id, tenantId, vendor, connectionId, dealId, round: (before?.round ?? 0) + (isNew ? 1 : 0), sku: wanted.sku, quantity: wanted.quantity,
      campaign: wanted.campaign ?? null, state: 'needs_recipient', detail: null, shipmentId: null, dealModifiedAt,
    };
    await this.#send(manager, request, wanted.to && wanted.contactEmail !== undefined ? { to: wanted.to, contactEmail: wanted.contactEmail } : undefined, wanted);
    return true;
  }

  /** Says where a sample goes that a deal asked for without saying it, and sends it. @throws Failure `not_found`, `conflict` */
  async complete(id: string, recipient: SampleRecipient): Promise<SampleRequest> {
    const { tenantId } = tenantContext.require();
    return this.database.transaction(tenantId, async (manager) => {
      const request = await claimSampleRequest(manager, id);
      if (!request) throw new Failure('not_found', `There is no sample request ${id}.`);
      if (request.state === 'shipping' || request.state === 'withdrawn') throw new Failure('conflict', `Sample request ${id} is ${request.state}; it waits for nothing.`);
      await this.#send(manager, request, recipient);
      return request;
    });
  }

  async list(state?: SampleRequestState): Promise<SampleRequest[]> {
    return this.database.transaction(tenantContext.require().tenantId, (manager) => listSampleRequests(manager, state));
  }

  async #send(manager: EntityManager, request: SampleRequest, recipient: SampleRecipient | undefined, wanted?: WantedSample): Promise<void> {
    if (recipient) {
      await this.#ship(manager, request, recipient).catch((thrown: unknown) => {
        const { kind, message } = asFailure(thrown);
        if (kind === 'unexpected') throw thrown;
        Object.assign(request, { state: 'refused', detail: message } satisfies Partial<SampleRequest>);
      });
    } else {
      request.detail = `Missing or not readable on the deal: ${wanted?.missing.join(', ') ?? 'the recipient'}.`;
    }
    await saveSampleRequest(manager, request);
  }

  async #ship(manager: EntityManager, request: SampleRequest, { to, contactEmail }: SampleRecipient): Promise<void> {
    const { id, round, sku, quantity, campaign, vendor, connectionId: crmConnectionId, dealId } = request;
    const { connectionId, from, parcel, customs } = await requireKit(manager, sku);
    const wanted = shipmentRequestSchema.safeParse({
      connectionId, from, to, parcel, kit: { sku, quantity }, ...(customs && from.country !== to.country && { customs }),
      sample: {
        contactEmail, product: sku, ...(campaign !== null && { campaign }), deal: { vendor, connectionId: crmConnectionId, externalId: dealId },
      },
    });
    if (!wanted.success) {
      throw new Failure('invalid', `The sample cannot be sent: ${wanted.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}.`);
    }
    const shipment = await this.shipments.requestWithin(manager, `sample-request/${id}/${round}`, wanted.data);
    Object.assign(request, { state: 'shipping', detail: null, shipmentId: shipment.id } satisfies Partial<SampleRequest>);
  }
}

function idOf({ source: { connectionId, externalId } }: DealState): string {
  return deterministicId('sample-request', tenantContext.require().tenantId, connectionId, externalId);
}
