import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { deterministicId, Failure } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { ShippoManifests } from '@crossdock/vendor-shippo';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { requestHash } from '../shipments/new-shipment.ts';
import { claimShipments, lockName } from '../shipments/shipment.repository.ts';
import { usableConnection } from '../usable-connection.ts';
import { manifestPlan } from './manifest-plan.ts';
import {
  findManifest, insertManifest, keepManifest, listManifests, manifestStateSchema, type ManifestRequest, type StoredManifest } from './manifest.repository.ts';

const manifestTask = defineTaskKind({ kind: 'shipping.make-manifest', schema: z.object({ manifestId: z.uuid() }), timeoutMs: 60_000 });
type ManifestPayload = z.infer<typeof manifestTask.schema>;

/** A manifest as the API shows it. */
export const manifestViewSchema = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  state: manifestStateSchema,
  shipmentIds: z.array(z.uuid()).readonly(),
  shippedOn: z.string().describe('The day on which they are handed over.'),
  documents: z.array(z.string()).readonly().describe('Addresses of the papers that the driver scans; they are there once it is `ready`.'),
  message: z.string().exactOptional().describe('Why there is none.'),
}).meta({ id: 'Manifest' });
export type ManifestView = z.infer<typeof manifestViewSchema>;

/** Closes out labels, where a carrier asks for it: each once. */
@Injectable()
export class ManifestTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly shippo: ShippoManifests,
  ) {}

  onModuleInit(): void {
    this.registry.register(manifestTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload }, { message }) => keepManifest(manager, payload.manifestId, { state: 'failed', message }),
    });
  }

  /** Accepts a manifest; it is made in the background. The same key with the same shipments gives the same one. @throws Failure as `manifestPlan` */
  async request(idempotencyKey: string, request: ManifestRequest): Promise<ManifestView> {
    const { tenantId } = tenantContext.require();
    return this.database.transaction(tenantId, (manager) => this.requestWithin(manager, deterministicId('manifest', tenantId, idempotencyKey), request));
  }

  /** The same under an id, in a tenant's transaction that is already running. */
  async requestWithin(manager: EntityManager, id: string, request: ManifestRequest): Promise<ManifestView> {
    const { tenantId } = tenantContext.require();
    await lockName(manager, `manifests/${tenantId}`);
    const existing = await findManifest(manager, id);
    if (existing && existing.requestHash !== requestHash(request)) throw new Failure('conflict', 'The Idempotency-Key was used for another request before.');
    if (existing) return viewManifest(existing);
    const { connectionId, ...plan } = manifestPlan(request, await claimShipments(manager, request.shipmentIds));
    await insertManifest(manager, tenantId, { id, connectionId, requestHash: requestHash(request), plan });
    await this.#enqueue(manager, id, connectionId);
    return this.#require(manager, id);
  }

  /** The newest manifests, or those of one day (`2026-11-21`), made by themselves or asked for. */
  async list(shippedOn?: string): Promise<ManifestView[]> {
    return this.database.transaction(tenantContext.require().tenantId, async (manager) => (await listManifests(manager, shippedOn)).map(viewManifest));
  }

  /** @throws Failure `not_found` */
  async read(id: string): Promise<ManifestView> {
    return this.database.transaction(tenantContext.require().tenantId, (manager) => this.#require(manager, id));
  }

  async #require(manager: EntityManager, id: string): Promise<ManifestView> {
    const manifest = await findManifest(manager, id);
    if (!manifest) throw new Failure('not_found', `There is no manifest ${id}.`);
    return viewManifest(manifest);
  }

  async #enqueue(manager: EntityManager, manifestId: string, connectionId: string): Promise<void> {
    await this.queue.enqueue(manager, manifestTask, { recordKey: `manifest/${manifestId}`, groupKey: connectionId, payload: { manifestId } });
  }

  async #run(batch: TaskBatch<ManifestPayload>): Promise<void> {
    for (const task of batch.tasks) await this.#make(batch, task);
  }

  async #make(batch: TaskBatch<ManifestPayload>, task: Task<ManifestPayload>): Promise<void> {
    const { manifestId } = task.payload;
    const manifest = await this.database.transaction(batch.tenantId, (manager) => findManifest(manager, manifestId));
    if (manifest?.state !== 'requested') return batch.settle(task);
    const { plan, vendorManifestId } = manifest;
    const connection = await usableConnection(this.connections, batch.tenantId, manifest.connectionId);
    const made = await this.health.watch(connection, () => (vendorManifestId === null
      ? this.shippo.make(connection, plan, batch.signal) : this.shippo.find(connection, vendorManifestId, batch.signal)));
    const { id, state, documents, errors } = made;
    if (state === 'queued') {
      await this.database.transaction(batch.tenantId, (manager) => keepManifest(manager, manifestId, { state: 'requested', vendorManifestId: id }));
      throw new Failure('transient', 'The carrier is still making the manifest.', { record: `shippo manifest ${id}` });
    }
    await batch.settle(task, (manager) => keepManifest(manager, manifestId, {
      state, vendorManifestId: id, documents, ...(state === 'failed' && { message: `The carrier made no manifest: ${errors.join('; ') || 'it does not say why'}.` }),
    }));
  }
}

function viewManifest({ id, connectionId, state, plan: { shipmentIds, shippedAt }, documents, message }: StoredManifest): ManifestView {
  return { id, connectionId, state, shipmentIds, shippedOn: shippedAt.slice(0, 10), documents, ...(message !== null && { message }) };
}
