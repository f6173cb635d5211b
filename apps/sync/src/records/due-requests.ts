import { recordsWanted, writeRequested, type CrmRef, type RequestedAction } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { dueWrite } from '../merge/due-write.ts';
import { withOneCompany } from '../merge/one-company.ts';
import type { SyncSide } from '../merge/sync-rules.ts';
import { newLink, type GoldenRecord, type PendingWrite } from '../merge/synced-record.ts';
import { dueArchives } from '../merge/take-gone.ts';
import type { Sync } from '../syncs/sync.repository.ts';
import { findCounterparts } from './record-associations.ts';
import { identityOf, isIdentityHeld, type StoredRecord } from './synced-record.repository.ts';

/** Asks the CRM services for what follows from a golden record. */
@Injectable()
export class DueRequests {
  constructor(private readonly publisher: EventPublisher) {}

  /** Asks every account that lags behind the golden record to be brought up to it, or to archive what is gone. @returns the record with what is under way. */
  async requestDue(manager: EntityManager, told: StoredRecord, { rules, state }: Sync): Promise<StoredRecord> {
    if (state !== 'active') return told;
    const { links } = told;
    const named = [...new Set([...told.golden.associations, ...[...links.values()].flatMap(({ associations }) => associations)])];
    const counterparts = await findCounterparts(manager, named);
    const golden = withOneCompany(told.golden, rules, (goldenId) => [...counterparts.values()].some((there) => there.get(goldenId)?.object === 'company'));
    const record = { ...told, golden };
    const withPending = new Map(links);
    for (const side of rules.sides) {
      const there = counterparts.get(side.connectionId) ?? new Map<string, CrmRef>();
      const due = dueWrite(record, side.connectionId, rules, (goldenId) => there.get(goldenId)?.object);
      if (!due) continue;
      const refsOf = (ids: readonly string[]): CrmRef[] => ids.flatMap((id) => there.get(id) ?? []);
      const { fields, associate, dissociate, externalId } = due;
      const pending: PendingWrite = { requestId: uuid(), fields, associate, dissociate, isOvertaken: false };
      await this.#request(manager, side, golden, pending.requestId, {
        kind: 'write',
        target: externalId === undefined ? { externalKey: golden.id, ...await adoptionOf(manager, record, side.connectionId) } : { externalId },
        fields: { ...fields }, associate: refsOf(associate), dissociate: refsOf(dissociate),
      });
      withPending.set(side.connectionId, { ...(links.get(side.connectionId) ?? newLink(side.connectionId)), pending });
    }
    for (const connectionId of dueArchives(record, rules)) {
      const [side, link] = [rules.sides.find((each) => each.connectionId === connectionId), links.get(connectionId)];
      if (!side || link?.externalId === undefined) continue;
      const pending: PendingWrite = { requestId: uuid(), fields: {}, associate: [], dissociate: [], isOvertaken: false };
      await this.#request(manager, side, golden, pending.requestId, { kind: 'archive', externalId: link.externalId });
      withPending.set(connectionId, { ...link, pending });
    }
    return { ...record, links: withPending };
  }

  /** Asks an account to archive a record that is one too many. */
  async requestArchive(manager: EntityManager, side: Pick<SyncSide, 'connectionId' | 'vendor'>, golden: GoldenRecord, externalId: string): Promise<void> {
    await this.#request(manager, side, golden, uuid(), { kind: 'archive', externalId });
  }

  /** Asks an account to tell what it holds of these records. */
  async requestLook(manager: EntityManager, side: Pick<SyncSide, 'connectionId' | 'vendor'>, object: GoldenRecord['object'], externalIds: readonly string[]): Promise<void> {
    await this.publisher.publish(manager, recordsWanted, {
      subject: `${side.vendor}/${object}/${externalIds[0] ?? ''}`,
      data: { vendor: side.vendor, connectionId: side.connectionId, object, externalIds: [...externalIds] },
    });
  }

  async #request(manager: EntityManager, { connectionId, vendor }: Pick<SyncSide, 'connectionId' | 'vendor'>, { object, id }: GoldenRecord, requestId: string, action: RequestedAction): Promise<void> {
    await this.publisher.publish(manager, writeRequested, {
      id: requestId, subject: `${object}/${id}`, data: { connectionId, vendor, object, requestId, recordKey: id, action },
    });
  }
}

/** By what an account's own record is recognised as this one, unless it is kept in step with another one. */
async function adoptionOf(
  manager: EntityManager, { syncId, golden: { object, fields } }: StoredRecord, connectionId: string,
): Promise<{ adoptBy: { field: 'email' | 'domain'; value: string } } | undefined> {
  const field = object === 'contact' ? 'email' : object === 'company' ? 'domain' : undefined;
  const [value, identity] = [field && fields[field], identityOf(object, fields)];
  if (!field || typeof value !== 'string' || identity === undefined) return undefined;
  return await isIdentityHeld(manager, syncId, { connectionId, object, identity }) ? undefined : { adoptBy: { field, value } };
}
