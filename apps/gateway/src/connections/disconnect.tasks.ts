import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { auditConnection, ConnectionHealth, ConnectionStore, CredentialVault, type Connection } from '@crossdock/connections';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { VENDOR_AUTHORISATIONS, type VendorAuthorisations } from './vendor-authorisations.ts';

const revokeTask = defineTaskKind({
  kind: 'connections.revoke', schema: z.object({ connectionId: z.uuid(), vendor: z.string() }), timeoutMs: 60_000,
});

/** Takes connections back: here at once, at the vendor as soon as it answers. */
@Injectable()
export class DisconnectTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly vault: CredentialVault,
    private readonly health: ConnectionHealth,
    @Inject(VENDOR_AUTHORISATIONS) private readonly vendors: VendorAuthorisations,
  ) {}

  onModuleInit(): void {
    this.registry.register(revokeTask, (batch) => this.#run(batch), {
      onDead: async (manager, { payload: { connectionId } }, failure) => {
        const connection = await this.connections.findWithin(manager, connectionId);
        if (connection?.state === 'disconnected') await this.#forget(manager, connection, 'failed', failure.kind);
      },
    });
  }

  /** Disconnects; a connection that is disconnected already stays so. */
  async begin(connection: Connection, actor: string): Promise<void> {
    const { tenantId, id: connectionId, vendor } = connection;
    await this.database.transaction(tenantId, async (manager) => {
      const reason = { code: 'disconnected' as const, message: 'The account was disconnected; connect it again to go on.' };
      if (!await this.health.move(manager, connection, 'disconnected', reason)) return;
      await auditConnection(manager, { tenantId, connectionId, vendor, actor, action: 'connection.disconnected', outcome: 'disconnected' });
      await this.queue.enqueue(manager, revokeTask, { recordKey: `${connectionId}/revoke`, groupKey: `${connectionId}/revoke`, payload: { connectionId, vendor } });
    });
  }

  async #run(batch: TaskBatch<z.infer<typeof revokeTask.schema>>): Promise<void> {
    for (const task of batch.tasks) {
      const connection = await this.connections.find(batch.tenantId, task.payload.connectionId);
      // Connected again meanwhile: what is stored now is another authorisation.
      const outcome = connection?.state === 'disconnected' ? await this.#revoke(connection, batch.signal) : undefined;
      await batch.settle(task, async (manager) => {
        if (connection && outcome) await this.#forget(manager, connection, outcome);
      });
    }
  }

  async #revoke(connection: Connection, signal: AbortSignal): Promise<'revoked' | 'not_offered' | 'unreadable'> {
    const vendor = this.vendors[connection.vendor];
    if (!vendor) return 'not_offered';
    const secrets = await this.database.transaction(connection.tenantId, (manager) => this.vault.findAll(manager, connection))
      // Secrets that do not open cannot be taken back; they are forgotten all the same.
      .catch(() => undefined);
    return secrets ? vendor.revoke(connection, secrets, signal) : 'unreadable';
  }

  async #forget(manager: EntityManager, { tenantId, id: connectionId, vendor }: Connection, outcome: string, detail?: string): Promise<void> {
    await this.vault.remove(manager, { id: connectionId, tenantId });
    await auditConnection(manager, { tenantId, connectionId, vendor, actor: 'gateway', action: 'connection.revoked', outcome, detail });
  }
}
