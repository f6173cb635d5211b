import { randomUUID } from 'node:crypto';
import { deterministicId, Failure, type FieldValue, leadTaken } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { takeLead, type LeadFields } from '../merge/take-lead.ts';
import { DueRequests } from '../records/due-requests.ts';
import { claimRecord, findByIdentity, identityOf, lockIdentities, saveRecord, type StoredRecord } from '../records/synced-record.repository.ts';
import { listSyncs, type Sync } from '../syncs/sync.repository.ts';
import { leadHash, type Lead, type TakenLead } from './lead.ts';
import { claimLead, insertLead } from './lead.repository.ts';

/** People who came by a form or another system: each becomes a contact in the accounts of a sync, or adds to the one that is there. */
@Injectable()
export class Leads {
  constructor(private readonly requests: DueRequests, private readonly publisher: EventPublisher) {}

  /**
   * Takes a lead in the caller's tenant transaction; the accounts are asked to follow by the same commit. The same key with the same
   * lead gives the answer of the first time, and changes nothing.
   * @throws Failure `conflict` where the key came with another lead before, or the tenant keeps no contacts in step; `invalid` where
   * it is not said which sync is meant.
   */
  async take(manager: EntityManager, key: string, lead: Lead): Promise<TakenLead> {
    const id = deterministicId('lead', tenantContext.require().tenantId, key);
    const requestHash = leadHash(lead);
    const earlier = await claimLead(manager, id);
    if (earlier && earlier.requestHash !== requestHash) throw new Failure('conflict', 'The Idempotency-Key was used for another lead before.');
    if (earlier) return earlier.taken;

    const sync = await syncFor(manager, lead.syncId);
    const said = fieldsOf(lead);
    const before = await contactOf(manager, sync, said);
    const receivedAt = new Date().toISOString();
    const { record, changed } = takeLead(before ?? newContact(sync), { id, receivedAt, fields: said, overwrite: lead.overwrite, moveBack: lead.moveBack }, sync.rules);
    if (changed.length > 0) await saveRecord(manager, before, await this.requests.requestDue(manager, { ...record, syncId: sync.id }, sync));
    const outcome = !before ? 'created' as const : changed.length > 0 ? 'updated' as const : 'unchanged' as const;
    const taken: TakenLead = { id, syncId: sync.id, contactId: record.golden.id, outcome, changed, receivedAt };
    await insertLead(manager, taken, requestHash);
    await this.#tell(manager, taken, lead);
    return taken;
  }

  async #tell(manager: EntityManager, { id, receivedAt }: TakenLead, { fields: { email, phone }, channel, campaign }: Lead): Promise<void> {
    await this.publisher.publish(manager, leadTaken, {
      id: deterministicId('lead.taken', id), subject: `lead/${id}`,
      data: { leadId: id, email, ...(phone !== undefined && { phone }), channel, ...(campaign !== undefined && { campaign }), receivedAt },
    });
  }
}

function fieldsOf({ fields, custom }: Lead): LeadFields['fields'] {
  return Object.fromEntries(Object.entries<FieldValue | undefined>({ ...fields, ...custom }).flatMap(([name, value]): Array<[string, FieldValue]> => (value === undefined ? [] : [[name, value]])));
}

async function syncFor(manager: EntityManager, wanted: string | undefined): Promise<Sync> {
  const syncs = (await listSyncs(manager)).filter(({ id, rules }) => rules.object === 'contact' && (wanted === undefined || id === wanted));
  const [sync, ...others] = syncs;
  if (wanted !== undefined && !sync) throw new Failure('invalid', `The tenant has no sync ${wanted} of contacts.`, { pointer: '/syncId' });
  if (!sync) throw new Failure('conflict', 'The tenant keeps no contacts in step: make a sync of contacts first, so that there is a place for leads.');
  if (others.length > 0) throw new Failure('invalid', `The tenant has ${syncs.length} syncs of contacts: say by syncId which one takes the lead.`, { pointer: '/syncId' });
  return sync;
}

/** The contact who has the lead's address. Two leads of one person at the same moment come one after the other. */
async function contactOf(manager: EntityManager, sync: Sync, fields: LeadFields['fields']): Promise<StoredRecord | undefined> {
  const identity = identityOf('contact', fields);
  if (identity === undefined) return undefined;
  await lockIdentities(manager, [{ syncId: sync.id, identity }]);
  const goldenId = await findByIdentity(manager, sync.id, identity);
  return goldenId === undefined ? undefined : claimRecord(manager, goldenId);
}

function newContact(sync: Sync): StoredRecord {
  return { syncId: sync.id, golden: { id: randomUUID(), object: 'contact', fields: {}, origins: {}, associations: [], state: 'live' }, links: new Map() };
}
