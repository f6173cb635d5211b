import {
  companyChanged, contactChanged, dealChanged, deterministicId, recordGone, type CrmVendor, type Envelope,
} from '@crossdock/contracts';
import { batchesOfDistinctKeys, type RecordConnector } from '@crossdock/crm-connector';
import { EventPublisher } from '@crossdock/event-bus';
import { GatheredRows, tenantContext, type TenantScope } from '@crossdock/tenancy';
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

/** A record that was read by its id, or is not there, and why it was read. */
interface ReadRecord extends Pick<SeenRecords, 'at'> {
  readonly scope: RecordScope;
  readonly seen: { readonly state: SeenState } | { readonly gone: SeenGone };
  readonly by: 'read' | 'wanted';
  readonly cause: TenantScope;
}

/** In whose name the news of a record is told. */
type CauseOf = (externalId: string) => TenantScope;

/** Tells the other services what is news about records, each once. */
@Injectable()
export class RecordTeller {
  readonly #read = new GatheredRows<ReadRecord>((manager, records) => this.#tellAllRead(manager, records));
  readonly #publisher: EventPublisher;
  readonly #vendor: CrmVendor;

  constructor(publisher: EventPublisher, @Inject(CRM_CONNECTOR) connector: RecordConnector) {
    this.#publisher = publisher;
    this.#vendor = connector.vendor;
  }

  /** Of a list, in the caller's tenant transaction, and with everything that it commits. @returns what is to be verified first. */
  async tell(manager: EntityManager, scope: RecordScope, { at, states, gone }: SeenRecords, seenBy: Extract<SeenBy, { by: 'list' | 'scan' }>): Promise<ToVerify[]> {
    // Records that one list showed have nothing to do with each other.
    const cause = tenantContext.require();
    const causeOf = (): TenantScope => ({ ...cause, correlationId: uuid() });
    const toVerify = await this.#tellSome(manager, scope, { at, states: [], gone }, { seenBy, causeOf });
    for (let start = 0; start < states.length; start += atOnce) {
      toVerify.push(...await this.#tellSome(manager, scope, { at, states: states.slice(start, start + atOnce), gone: [] }, { seenBy, causeOf }));
    }
    return toVerify;
  }

  /** Of records that were read by their ids: all that one transaction is given are told together just before it commits, each in the name of the caller that gave it. */
  async tellRead(manager: EntityManager, scope: RecordScope, { at, states, gone }: SeenRecords, by: ReadRecord['by']): Promise<void> {
    const read = { scope, at, by, cause: tenantContext.require() };
    await this.#read.add(manager, scope.connection.tenantId, [...states.map((state) => ({ ...read, seen: { state } })), ...gone.map((each) => ({ ...read, seen: { gone: each } }))]);
  }

  async #tellAllRead(manager: EntityManager, records: readonly ReadRecord[]): Promise<void> {
    const groups = Map.groupBy(records, ({ scope: { connection, object }, at, by }) => `${connection.id}/${object}/${at.getTime()}/${by}`);
    for (const group of groups.values()) {
      for (const some of batchesOfDistinctKeys(group, ({ seen }) => idOf(seen), atOnce)) await this.#tellReadTogether(manager, some);
    }
  }

  /** @param records of one reading, of different ids */
  async #tellReadTogether(manager: EntityManager, records: readonly ReadRecord[]): Promise<void> {
    const [first] = records;
    if (!first) return;
    const causes = new Map(records.map(({ seen, cause }) => [idOf(seen), cause]));
    await this.#tellSome(manager, first.scope, {
      at: first.at, states: records.flatMap(({ seen }) => ('state' in seen ? [seen.state] : [])), gone: records.flatMap(({ seen }) => ('gone' in seen ? [seen.gone] : [])),
    }, { seenBy: { by: first.by }, causeOf: (externalId) => causes.get(externalId) ?? first.cause });
  }

  async #tellSome(
    manager: EntityManager, scope: RecordScope, { at, states, gone }: SeenRecords, { seenBy, causeOf }: { readonly seenBy: SeenBy; readonly causeOf: CauseOf },
  ): Promise<ToVerify[]> {
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
        ...told.map((seen) => this.#changed(scope, seen, counts, { causeOf, scanId })), ...toldGone.map((seen) => this.#gone(scope, seen, counts, { causeOf, at })),
      ]);
    }
    return [
      ...verdicts.filter(({ verdict }) => verdict === 'verify').map(({ seen: { externalId } }) => ({ externalId })),
      ...verdictsOnGone.filter(({ verdict }) => verdict === 'verify').map(({ seen }) => ({ externalId: seen.externalId, gone: seen })),
    ];
  }

  #changed(scope: RecordScope, { externalId, state }: SeenState, counts: ReadonlyMap<string, number>, { causeOf, scanId }: { readonly causeOf: CauseOf; readonly scanId: { readonly scanId?: string } }): Envelope {
    const id = eventIdOf(scope, externalId, counts);
    const subject = `${this.#vendor}/${scope.object}/${externalId}`;
    const context = causeOf(externalId);
    switch (state.object) {
      case 'contact': return this.#publisher.envelope(context, contactChanged, { id, subject, data: { ...state.data, ...scanId } });
      case 'company': return this.#publisher.envelope(context, companyChanged, { id, subject, data: { ...state.data, ...scanId } });
      case 'deal': return this.#publisher.envelope(context, dealChanged, { id, subject, data: { ...state.data, ...scanId } });
    }
  }

  #gone(scope: RecordScope, { externalId, gone, mergedInto }: SeenGone, counts: ReadonlyMap<string, number>, { causeOf, at }: { readonly causeOf: CauseOf; readonly at: Date }): Envelope {
    const { connection: { id: connectionId }, object } = scope;
    const vendor = this.#vendor;
    return this.#publisher.envelope(causeOf(externalId), recordGone, {
      id: eventIdOf(scope, externalId, counts),
      subject: `${vendor}/${object}/${externalId}`,
      data: { vendor, connectionId, object, externalId, gone, ...(mergedInto !== undefined && { mergedInto }), noticedAt: at.toISOString() },
    });
  }
}

function idOf(seen: ReadRecord['seen']): string {
  return 'state' in seen ? seen.state.externalId : seen.gone.externalId;
}

/** The same telling has the same id, and the next one of the record another, although it may say the same. */
function eventIdOf({ connection, object }: RecordScope, externalId: string, counts: ReadonlyMap<string, number>): string {
  return deterministicId('crm-record', connection.id, object, externalId, String(counts.get(externalId) ?? 0));
}
