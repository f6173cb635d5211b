import { randomUUID } from 'node:crypto';
import type { Connection, ConnectionStore } from '@crossdock/connections';
import {
  connectionCreated, crmUpsertCompleted, crmUpsertRequested, eventKey,
  type ConnectionState, type CrmVendor, type EventData, type EventDefinition, type RequestedRecord,
} from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import { eventually } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import type { z } from 'zod';

export interface HeardEvent {
  /** The same where the broker has an event twice. */
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly data: unknown;
}

type Answer = EventData<typeof crmUpsertCompleted>;

interface CrmTenantParts {
  readonly connection: Connection;
  readonly vendor: CrmVendor;
  readonly store: ConnectionStore;
  readonly publisher: EventPublisher;
  readonly producer: Producer;
  readonly topicPrefix: string;
  readonly heard: readonly HeardEvent[];
}

/** A tenant of a CRM service: what other services say to it in the tenant's name, and what they hear of it. */
export class CrmTenant {
  readonly #parts: CrmTenantParts;
  readonly connection: Connection;
  readonly tenantId: string;

  constructor(parts: CrmTenantParts) {
    this.#parts = parts;
    this.connection = parts.connection;
    this.tenantId = parts.connection.tenantId;
  }

  async say<D extends EventDefinition>(definition: D, data: EventData<D>, { id = randomUUID(), subject = `test/${id}`, times = 1 }: { id?: string; subject?: string; times?: number } = {}): Promise<void> {
    const { publisher, producer, topicPrefix } = this.#parts;
    const envelope = publisher.envelope({ tenantId: this.tenantId, correlationId: randomUUID() }, definition, { id, subject, data });
    const message = { key: eventKey(envelope), value: JSON.stringify(envelope) };
    await producer.send({ topic: topicPrefix + definition.type, messages: Array.from({ length: times }, () => message) });
  }

  hears<Schema extends z.ZodType>({ type, schema }: EventDefinition<Schema>): Array<z.infer<Schema>> {
    return this.#heard(type).map(({ data }) => schema.parse(data));
  }

  /** The ids of all events of a type. */
  hearsIds({ type }: EventDefinition): string[] {
    return this.#heard(type).map(({ id }) => id);
  }

  #heard(type: string): HeardEvent[] {
    return this.#parts.heard.filter((event) => event.tenantId === this.tenantId && event.type === type);
  }

  /** The gateway says that the account was connected, and the service sets it up. */
  async connected(state: ConnectionState = 'healthy'): Promise<void> {
    await this.say(connectionCreated, { connectionId: this.connection.id, vendor: this.#parts.vendor });
    await eventually('the account to be set up', async () => (await this.current())?.state === state);
  }

  /** The connection as it is now. */
  current(): Promise<Connection | undefined> {
    return this.#parts.store.find(this.tenantId, this.connection.id);
  }

  /** Asks for an upsert and gives the request's id. */
  async ask(record: RequestedRecord, { requestId = randomUUID(), times = 1 } = {}): Promise<string> {
    await this.say(crmUpsertRequested, { requestId, vendor: this.#parts.vendor, connectionId: this.connection.id, record }, { id: requestId, times });
    return requestId;
  }

  answersTo(requestId: string): Answer[] {
    return this.hears(crmUpsertCompleted).filter((answer) => answer.requestId === requestId);
  }

  answerTo(requestId: string): Promise<Answer['result']> {
    return eventually('the answer to an upsert', () => this.answersTo(requestId)[0]?.result);
  }

  async upsert(record: RequestedRecord): Promise<Answer['result']> {
    return this.answerTo(await this.ask(record));
  }

  /** The id in the CRM of a record that must not be refused. */
  async upserted(record: RequestedRecord): Promise<string> {
    const answer = await this.upsert(record);
    if (answer.outcome !== 'upserted') throw new Error(`The upsert was refused: ${answer.message}`);
    return answer.crmId;
  }
}
