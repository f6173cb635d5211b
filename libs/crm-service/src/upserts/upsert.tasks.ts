import { ConnectionHealth, type Connection } from '@crossdock/connections';
import type { CrmConnector, RecordWrite } from '@crossdock/crm-connector';
import {
  crmUpsertCompleted, crmUpsertRequested, deterministicId, Failure, requestedRecordSchema,
  type CrmObject, type EventData, type LinesOutcome, type RequestedRecord, type UpsertOutcome,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch, type TaskEnd } from '@crossdock/task-queue';
import { GatheredRows } from '@crossdock/tenancy';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { asDeletedMeanwhile } from '../deleted-meanwhile.ts';
import { AccountMappings, type AccountMapping, type MappingsInForce } from '../records/account-mappings.ts';
import { DealLineWrites, type LinesWritten } from './deal-line-writes.ts';
import { keepLineDigests, type GivenLines } from './deal-lines.repository.ts';
import { companyWrite, contactWrite, dealWrite, nameOfContact } from './requested-writes.ts';
import { companyOf, contactOf, dealOf, failureOfAll, isReady, refusedParts, takenParts, type PartResult, type PartResults } from './upsert-parts.ts';

/**
 * Requests of one connection go out together, in the largest batch that every CRM takes. A batch is up to eight calls and HubSpot allows an account
 * eleven a second: more than one batch a second would soon wait for the vendor.
 */
const upsertTask = defineTaskKind({
  kind: 'crm.upsert',
  schema: z.object({ requestId: z.uuid(), connectionId: z.uuid(), record: requestedRecordSchema }),
  batchSize: 100,
  gatherMs: 1_000,
  mostGatherMs: 2_000,
  timeoutMs: 60_000,
});
type UpsertPayload = z.infer<typeof upsertTask.schema>;
type UpsertTask = Task<UpsertPayload>;
/** Whom a batch is written to. */
interface Account {
  readonly connection: Connection;
  readonly mappings: MappingsInForce;
  readonly signal: AbortSignal;
}

type PlanOf = (task: UpsertTask, parts: PartResults, account: AccountMapping) => RecordWrite | Failure | undefined;

/** Brings the contacts, companies and deals of orders into the CRM, by the account's mapping, and says what became of each. */
@Injectable()
export class UpsertTasks implements OnModuleInit {
  readonly #given = new GatheredRows<GivenLines>(keepLineDigests);

  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly publisher: EventPublisher,
    private readonly health: ConnectionHealth,
    private readonly mappings: AccountMappings,
    private readonly lines: DealLineWrites,
    @Inject(CRM_CONNECTOR) private readonly connector: CrmConnector,
  ) {}

  onModuleInit(): void {
    this.registry.register(upsertTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload }, failure) => this.#say(manager, payload, {
        ...(contactOf(payload.record) && { contact: failure }), ...(dealOf(payload.record) && { deal: failure }),
      }),
    });
  }

  async enqueue(manager: EntityManager, { requestId, connectionId, record }: Pick<EventData<typeof crmUpsertRequested>, keyof UpsertPayload>): Promise<void> {
    await this.queue.enqueue(manager, upsertTask, {
      recordKey: recordKeyOf(connectionId, record), groupKey: connectionId, payload: { requestId, connectionId, record },
    });
  }

  /** Companies first, then contacts, then deals: each is associated with what the CRM made of those before it. */
  async #run(batch: TaskBatch<UpsertPayload>): Promise<void> {
    const { connection, mappings } = await this.mappings.openAccount(batch);
    const results = new Map(batch.tasks.map((task): [UpsertTask, PartResults] => [task, {}]));
    const { tenantId } = batch;
    await this.#send({ connection, mappings, signal: batch.signal }, results, 'company', ({ payload }, _, account) => {
      const company = companyOf(payload.record);
      return company && companyWrite(tenantId, company, account);
    });
    await this.#send({ connection, mappings, signal: batch.signal }, results, 'contact', ({ payload }, { company }, account) => {
      const contact = contactOf(payload.record);
      return contact && isReady(company) ? contactWrite(tenantId, contact, company, account) : undefined;
    });
    await this.#send({ connection, mappings, signal: batch.signal }, results, 'deal', ({ payload }, { company, contact }, account) => {
      const deal = dealOf(payload.record);
      return deal && isReady(company, contact) ? dealWrite(deal, { company, contact }, account) : undefined;
    });
    if (!mappings.isOff('deal', 'lineItems')) await this.#writeLines(connection, results, batch.signal);
    await this.#endAll(batch, results);
  }

  async #writeLines(connection: Connection, results: ReadonlyMap<UpsertTask, PartResults>, signal: AbortSignal): Promise<void> {
    const deals = [...results].flatMap(([{ payload: { record } }, parts]) => {
      const [asked, { deal }] = [dealOf(record), parts];
      if (!asked?.lines || !deal || deal instanceof Failure) return [];
      return [{ parts, dealId: deal.id, owner: asked.externalKey, lines: asked.lines, isNew: deal.created }];
    });
    const outcomes = await this.lines.write(connection, deals, signal);
    for (const [index, { parts }] of deals.entries()) {
      const outcome = outcomes[index];
      if (outcome) parts.lines = outcome;
    }
  }

  async #send({ connection, mappings, signal }: Account, results: ReadonlyMap<UpsertTask, PartResults>, part: CrmObject, planOf: PlanOf): Promise<void> {
    if (![...results.keys()].some(({ payload: { record } }) => asksFor(record, part))) return;
    const refused = await this.#write(connection, signal, results, part, planOf, await mappings.of(part, signal));
    if (refused.size === 0) return;
    // A field may have been taken away, or made less, since it was described; a deal is not refused for that.
    const account = await this.mappings.ofChanged(connection, part, signal);
    if (account) await this.#write(connection, signal, refused, part, planOf, account);
  }

  /** @returns the requests of which this part was refused for a value or a field. */
  async #write(
    connection: Connection, signal: AbortSignal, results: ReadonlyMap<UpsertTask, PartResults>, part: CrmObject, planOf: PlanOf, account: AccountMapping,
  ): Promise<Map<UpsertTask, PartResults>> {
    const planned = [...results].flatMap(([task, parts]) => {
      const write = planOf(task, parts, account);
      return write ? [{ task, parts, write }] : [];
    });
    // Several orders may come from one company.
    const writes = new Map(planned.flatMap(({ write }) => (write instanceof Failure ? [] : [[placeOf(write, part), write] as const])));
    const answers = writes.size === 0 ? [] : await this.connector.write(connection, account.description, [...writes.values()], signal);
    await this.#observe(connection, answers);
    const answerAt = new Map([...writes.keys()].map((place, index) => [place, answers[index]]));
    for (const { task, parts, write } of planned) {
      const result = write instanceof Failure ? write : answerAt.get(placeOf(write, part)) ?? new Failure('outcome_unknown', 'The record got no result.');
      parts[part] = result instanceof Failure ? asDeletedMeanwhile(result, task.attempt) : result;
    }
    return new Map(planned.flatMap(({ task, parts }) => {
      const result = parts[part];
      return result instanceof Failure && result.kind === 'invalid' ? [[task, parts]] : [];
    }));
  }

  /** A record that was refused says nothing about the connection; refused credentials or permissions do, and so does success. */
  async #observe(connection: Connection, results: readonly PartResult[]): Promise<void> {
    const telling = results.find((result) => result instanceof Failure && (result.kind === 'unauthorised' || result.kind === 'forbidden'));
    if (telling instanceof Failure) await this.health.observe(connection, telling);
    else if (results.some((result) => !(result instanceof Failure))) await this.health.observe(connection);
  }

  /**
   * Where the CRM took one of deal and contact and refused the other, the other goes on as a task of its own: there it can be
   * mended without holding back what was taken. Everything else is tried again whole; what was done is found again then.
   */
  async #endAll(batch: TaskBatch<UpsertPayload>, results: ReadonlyMap<UpsertTask, PartResults>): Promise<void> {
    const failed = new Map<UpsertTask, Failure>();
    const ends: Array<TaskEnd<UpsertPayload>> = [];
    for (const [task, parts] of results) {
      const failure = failureOfAll(parts);
      if (failure) failed.set(task, failure);
      else ends.push({ task, effect: (manager) => this.#keep(manager, batch.tenantId, task, parts) });
    }
    await batch.settleAll(ends);
    for (const [task, failure] of failed) await batch.fail(task, failure);
  }

  async #keep(manager: EntityManager, tenantId: string, { payload }: UpsertTask, parts: PartResults): Promise<void> {
    const { deal, lines } = parts;
    if (lines && !(lines instanceof Failure) && deal && !(deal instanceof Failure)) {
      await this.#given.add(manager, tenantId, [{ account: { id: payload.connectionId, tenantId }, dealId: deal.id, digest: lines.digest }]);
    }
    await this.#say(manager, payload, takenParts(parts));
    for (const record of refusedParts(payload.record, parts)) await this.enqueue(manager, { ...payload, record });
  }

  /** The id follows from request and outcomes: a request that is refused, mended and replayed is told of again. */
  async #say(manager: EntityManager, { requestId, connectionId }: UpsertPayload, { company, contact, deal, lines }: PartResults): Promise<void> {
    const [ofCompany, ofContact, ofDeal] = [company && outcomeOf(company), contact && outcomeOf(contact), deal && outcomeOf(deal)];
    const answer = ofDeal ? { object: 'deal' as const, result: ofDeal, ...(ofContact && { contact: ofContact }) }
      : ofContact && { object: 'contact' as const, result: ofContact };
    if (!answer) return;
    await this.publisher.publish(manager, crmUpsertCompleted, {
      id: deterministicId('crm.upsert.completed', requestId, `contact ${ofContact?.outcome}`, `deal ${ofDeal?.outcome}`),
      subject: `crm-upsert/${requestId}`,
      data: { requestId, connectionId, vendor: this.connector.vendor, ...answer, ...(ofCompany && { company: ofCompany }), ...(lines && { lines: outcomeOfLines(lines) }) },
    });
  }
}

function asksFor(record: RequestedRecord, part: CrmObject): boolean {
  return (part === 'company' ? companyOf(record) : part === 'contact' ? contactOf(record) : dealOf(record)) !== undefined;
}

/** Companies of one key are one write; of contacts and deals each request has its own. */
function placeOf(write: RecordWrite, part: CrmObject): unknown {
  return part === 'company' && 'key' in write.target ? write.target.key : write;
}

function outcomeOf(result: PartResult): UpsertOutcome {
  if (!(result instanceof Failure)) {
    const { id: crmId, created, modifiedAt } = result;
    return { outcome: 'upserted', crmId, created, ...(modifiedAt !== undefined && { modifiedAt }) };
  }
  const { kind, message, field } = result;
  return { outcome: 'refused', kind, message, ...(field !== undefined && { field }) };
}

function outcomeOfLines(lines: LinesWritten | Failure): LinesOutcome {
  return lines instanceof Failure ? { outcome: 'refused', kind: lines.kind, message: lines.message } : { outcome: 'written', count: lines.count };
}

/** Work on one record runs in order. The key shows up in lists and logs, so that it does not hold the address itself. */
function recordKeyOf(connectionId: string, record: RequestedRecord): string {
  const contact = contactOf(record);
  if (contact) return `${connectionId}/contact/${deterministicId(connectionId, nameOfContact(contact))}`;
  return `${connectionId}/deal-key/${dealOf(record)?.externalKey}`;
}
