import { Controller, Inject, type OnModuleInit } from '@nestjs/common';
import { personAnswered, personRequestKinds, personWanted, serviceNames, type EventOf, type ServiceName } from '@crossdock/contracts';
import { EventPublisher, OnEvents, type EventContext } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { CompactEncrypt, importJWK } from 'jose';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { TENANT_SCHEMAS } from '../tenants/tenant-standing.events.ts';
import { erasePerson, type PersonFindings } from './person-erasure.ts';
import { exportPerson } from './person-export.ts';
import { findOpenRequest, keepClues, keepExportPart, type OpenPersonRequest } from './person-requests.ts';
import { PersonalRecordsRegistry } from './personal-records.ts';

/** The name of the service, as contracts call it. */
export const PERSON_SERVICE = Symbol('PERSON_SERVICE');

const payloadSchema = z.object({ requestId: z.uuid(), kind: z.enum(personRequestKinds), round: z.int().positive() });
/** Reads every text of a tenant's, which is much for a large one. */
const answerTask = defineTaskKind({ kind: 'people.answer', schema: payloadSchema, timeoutMs: 600_000 });

/** What every service does when one person's data are to be handed over or erased: it looks through all that it holds, and says how much it found. */
@Controller()
export class PersonWork implements OnModuleInit {
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #publisher: EventPublisher;
  readonly #records: PersonalRecordsRegistry;
  readonly #schemas: readonly string[];
  readonly #service: ServiceName;

  constructor(
    queue: TaskQueue, registry: TaskRegistry, publisher: EventPublisher, records: PersonalRecordsRegistry, @Inject(TENANT_SCHEMAS) schemas: readonly string[], @Inject(PERSON_SERVICE) service: string,
  ) {
    this.#queue = queue;
    this.#registry = registry;
    this.#publisher = publisher;
    this.#records = records;
    this.#schemas = schemas;
    this.#service = z.enum(serviceNames).parse(service);
  }

  onModuleInit(): void {
    this.#registry.register(answerTask, (batch) => this.#answer(batch), { isLong: true });
  }

  /** Takes many at once, as the service that hears every event does. */
  @OnEvents(personWanted)
  async onWanted(events: ReadonlyArray<EventOf<typeof personWanted>>, { manager }: EventContext): Promise<void> {
    for (const { data } of events) {
      await this.#queue.enqueue(manager, answerTask, { recordKey: `person-request/${data.requestId}`, groupKey: 'people', payload: data });
    }
  }

  async #answer(batch: TaskBatch<z.infer<typeof payloadSchema>>): Promise<void> {
    for (const task of batch.tasks) {
      await batch.settle(task, async (manager) => {
        const request = await findOpenRequest(manager, task.payload.requestId);
        // A round that is over was answered, or was asked for anew.
        if (request?.round === task.payload.round) await this.#look(manager, batch.tenantId, task.payload, request);
      });
    }
  }

  async #look(manager: EntityManager, tenantId: string, { requestId, kind, round }: z.infer<typeof payloadSchema>, request: OpenPersonRequest): Promise<void> {
    const { salt } = request;
    const person = await this.#records.recognise(manager, request.person);
    let findings: PersonFindings;
    if (kind === 'export') {
      const { lines, ...rest } = await exportPerson(manager, { person, schemas: this.#schemas, registry: this.#records });
      await keepExportPart(manager, { tenantId, requestId, service: this.#service }, await sealFor(request.publicKey, lines.join('\n')));
      findings = rest;
    } else {
      findings = await erasePerson(manager, { person, salt, schemas: this.#schemas, registry: this.#records });
    }
    const learned = await keepClues(manager, { tenantId, requestId }, { ...person, names: [...person.names, ...findings.names] });
    await this.#publisher.publish(manager, personAnswered, {
      subject: `person-request/${requestId}`,
      data: { requestId, kind, round, service: this.#service, found: [...findings.found], learned, answeredAt: new Date().toISOString() },
    });
  }
}

/** Sealed for whoever has the private key of the request (RFC 7516, RFC 7518): neither the other services nor the database can read it. */
async function sealFor(publicKey: Readonly<Record<string, unknown>> | undefined, text: string): Promise<string> {
  if (!publicKey) throw new Error('An export of a person has no key to be sealed with.');
  return new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(await importJWK(publicKey, 'ECDH-ES'));
}
