import { ConnectionStore, type Connection } from '@crossdock/connections';
import { crmVendorSchema, feedRequested } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { listKits } from './sample-kit.ts';

/** How long a request of a deal may stay unseen where its CRM sends no webhook. */
const pollEverySeconds = 60;

/**
 * Has the changes of deals told of the accounts of tenants that have sample kits, whether orders go there, and whether anybody keeps
 * their records in step. Asking again changes nothing.
 */
@Injectable()
export class SampleFollowing {
  constructor(private readonly publisher: EventPublisher, private readonly connections: ConnectionStore) {}

  /** A tenant keeps a kit: its deals may ask for one. */
  async followAll(manager: EntityManager): Promise<void> {
    for (const connection of await this.connections.listWithin(manager)) {
      if (connection.state !== 'disconnected') await this.#follow(manager, connection);
    }
  }

  /** An account can be asked. Nothing follows where its tenant has no kits. */
  async followConnected(manager: EntityManager, connection: Pick<Connection, 'id' | 'vendor'>): Promise<void> {
    if (crmVendorSchema.safeParse(connection.vendor).success && (await listKits(manager)).length > 0) await this.#follow(manager, connection);
  }

  async #follow(manager: EntityManager, { id: connectionId, vendor }: Pick<Connection, 'id' | 'vendor'>): Promise<void> {
    const crm = crmVendorSchema.safeParse(vendor).data;
    if (!crm) return;
    await this.publisher.publish(manager, feedRequested, {
      subject: `${crm}/feed/${connectionId}`, data: { vendor: crm, connectionId, object: 'deal', pollEverySeconds, follower: 'shipping' },
    });
  }
}
