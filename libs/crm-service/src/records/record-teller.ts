import {
  companyChanged, contactChanged, dealChanged, deterministicId, recordGone, type CrmVendor, type Envelope,
} from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { verdictOnGone, verdictOnState, type SeenBy } from './record-news.ts';
import type { SeenGone, SeenRecords, SeenState } from './record-reading.ts';
import { keepTold, lockTold, type NewlyTold, type RecordScope } from './told-record.repository.ts';

/** A record that is to be read by its id before anything is said of it; where it is absent, it is gone in this way. */
export interface ToVerify {
  readonly externalId: string;
  readonly gone?: SeenGone;
}

/** Pages of some vendors hold thousands of records; so many are written by one statement, which bounds what is in memory twice. */
const atOnce = 250;

/** Tells the other services what is news about records, each once. */
@Injectable()
export class RecordTeller {
  readonly #publisher: EventPublisher;
  readonly #vendor: CrmVendor;

  constructor(publisher: EventPublisher, @Inject(CRM_CONNECTOR) connector: RecordConnector) {
    this.#publisher = publisher;
    this.#vendor = connector.vendor;
  }

  /** In the caller's tenant transaction, and with everything that it commits. @returns what is to be verified first. */
  async tell(manager: EntityManager, scope: RecordScope, { at, states, gone }: SeenRecords, seenBy: SeenBy): Promise<ToVerify[]> {
    const toVerify = await this.#tellSome(manager, scope, { at, states: [], gone }, seenBy);
    for (let start = 0; start < states.length; start += atOnce) {
      toVerify.push(...await this.#tellSome(manager, scope, { at, states: states.slice(start, start + atOnce), gone: [] }, seenBy));
    }
    return toVerify;
  }

  async #tellSome(manager: EntityManager, scope: RecordScope, { at, states, gone }: SeenRecords, seenBy: SeenBy): Promise<ToVerify[]> {
    if (states.length + gone.length === 0) return [];
    const known = await lockTold(manager, scope, [...states, ...gone].map(({ externalId }) => externalId));
    const verdicts = states.map((seen) => ({ seen, verdict: verdictOnState(known.get(seen.externalId), { ...seen, at }, seenBy) }));
    const verdictsOnGone = gone.map((seen) => ({ seen, verdict: verdictOnGone(known.get(seen.externalId), seen, seenBy) }));

    const told = verdicts.filter(({ verdict }) => verdict === 'tell').map(({ seen }) => seen);
    const toldGone = verdictsOnGone.filter(({ verdict }) => verdict === 'tell').map(({ seen }) => seen);
    if (told.length + toldGone.length > 0) {
      const scanId = seenBy.by === 'scan' ? { scanId: seenBy.scanId } : {};
      const kept = toldGone.map((seen): NewlyTold => {
        const before = known.get(seen.externalId);
        return { ...seen, modifiedAt: before?.modifiedAt.toISOString() ?? at.toISOString(), digest: before?.digest ?? '' };
      });
      const counts = new Map([
        ...await keepTold(manager, scope, told, { seenAt: at, ...scanId }), ...await keepTold(manager, scope, kept, { seenAt: at }),
      ]);
      await this.#publisher.append(manager, [
        ...told.map((seen) => this.#changed(scope, seen, counts, { seenBy, scanId })), ...toldGone.map((seen) => this.#gone(scope, seen, counts, { seenBy, at })),
      ]);
    }
    return [
      ...verdicts.filter(({ verdict }) => verdict === 'verify').map(({ seen: { externalId } }) => ({ externalId })),
      ...verdictsOnGone.filter(({ verdict }) => verdict === 'verify').map(({ seen }) => ({ externalId: seen.externalId, gone: seen })),
    ];
  }

  #changed(scope: RecordScope, { externalId, state }: SeenState, counts: ReadonlyMap<string, number>, { seenBy, scanId }: { readonly seenBy: SeenBy; readonly scanId: { readonly scanId?: string } }): Envelope {
    const id = eventIdOf(scope, externalId, counts);
    const subject = `${this.#vendor}/${scope.object}/${externalId}`;
    const context = scopeOfNews(seenBy);
    switch (state.object) {
      case 'contact': return this.#publisher.envelope(context, contactChanged, { id, subject, data: { ...state.data, ...scanId } });
      case 'company': return this.#publisher.envelope(context, companyChanged, { id, subject, data: { ...state.data, ...scanId } });
      case 'deal': return this.#publisher.envelope(context, dealChanged, { id, subject, data: { ...state.data, ...scanId } });
    }
  }

  #gone(scope: RecordScope, { externalId, gone, mergedInto }: SeenGone, counts: ReadonlyMap<string, number>, { seenBy, at }: { readonly seenBy: SeenBy; readonly at: Date }): Envelope {
    const { connection: { id: connectionId }, object } = scope;
    const vendor = this.#vendor;
    return this.#publisher.envelope(scopeOfNews(seenBy), recordGone, {
      id: eventIdOf(scope, externalId, counts),
      subject: `${vendor}/${object}/${externalId}`,
      data: { vendor, connectionId, object, externalId, gone, ...(mergedInto !== undefined && { mergedInto }), noticedAt: at.toISOString() },
    });
  }
}

/** Records that one list showed have nothing to do with each other. */
function scopeOfNews({ by }: SeenBy): TenantScope {
  const scope = tenantContext.require();
  return by === 'list' || by === 'scan' ? { ...scope, correlationId: uuid() } : scope;
}

/** The same telling has the same id, and the next one of the record another, although it may say the same. */
function eventIdOf({ connection, object }: RecordScope, externalId: string, counts: ReadonlyMap<string, number>): string {
  return deterministicId('crm-record', connection.id, object, externalId, String(counts.get(externalId) ?? 0));
}
