import { randomBytes } from 'node:crypto';
import { auditConnection, Connections, type Connection } from '@crossdock/connections';
import { asFailure } from '@crossdock/contracts';
import type { WebhookUpkeep } from '@crossdock/order-source';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type InjectionToken } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { OrderSources } from '../order-sources.ts';

/** Injection token of the gateway's address for the shops; undefined where none is given. */
export const PUBLIC_URL: InjectionToken<string | undefined> = Symbol('PUBLIC_URL');

/**
 * Sees to it that each shop tells of its orders: a shop switches its webhook off after some failures in a row, as while
 * the hub is away, and then tells nothing more by itself.
 */
@Injectable()
export class ShopWebhooks {
  readonly #done: Counter<'vendor' | 'done'>;

  constructor(
    private readonly database: TenantDatabase,
    private readonly connections: Connections,
    private readonly sources: OrderSources,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
    metrics: Registry,
  ) {
    this.#done = new Counter({
      name: 'crossdock_shop_webhook_upkeep_total',
      help: 'What had to be done to webhooks of shops: made, resumed after the shop or a person had switched them off, moved, removed; refused where the shop let nothing be done.',
      labelNames: ['vendor', 'done'],
      registers: [metrics],
    });
  }

  /**
   * Looks after the webhooks of a connected shop, and writes into the connection's audit what had to be done. That the
   * shop refuses it keeps nobody from looking at its orders.
   * @throws Failure where the shop cannot be reached, or knows the connection's keys no more.
   */
  async lookAfter(connection: Connection, signal: AbortSignal): Promise<void> {
    if (this.publicUrl === undefined) return;
    const { vendor } = connection;
    const url = new URL(`/webhooks/${vendor}/${connection.id}`, this.publicUrl).href;
    try {
      const upkeep = await this.sources.of(vendor).lookAfterWebhooks(connection, { url, secret: await this.#secret(connection) }, signal);
      await this.#record(connection, upkeep);
    } catch (thrown) {
      const { kind, message } = asFailure(thrown);
      if (kind !== 'forbidden' && kind !== 'invalid' && kind !== 'not_found' && kind !== 'unexpected') throw thrown;
      this.#done.inc({ vendor, done: 'refused' });
      await this.#audit(connection, 'refused', message);
    }
  }

  async #record(connection: Connection, { made, resumed, moved, removed }: WebhookUpkeep): Promise<void> {
    const done = {
      made: made.join(', '), resumed: resumed.map(({ topic, was }) => `${topic} (was ${was})`).join(', '), moved: moved.join(', '), removed: removed.join(', '),
    };
    for (const [outcome, count] of [['made', made.length], ['resumed', resumed.length], ['moved', moved.length], ['removed', removed.length]] as const) {
      if (count === 0) continue;
      this.#done.inc({ vendor: connection.vendor, done: outcome }, count);
      await this.#audit(connection, outcome, `Webhooks of the shop: ${done[outcome]}.`);
    }
  }

  #audit({ tenantId, id: connectionId, vendor }: Connection, outcome: string, detail: string): Promise<void> {
    return this.database.transaction(tenantId, (manager) =>
      auditConnection(manager, { tenantId, connectionId, vendor, actor: 'orders', action: 'connection.webhooks', outcome, detail }));
  }

  /** Made once and kept before the shop hears of it, so that a repeat tells it the same. */
  #secret(connection: Connection): Promise<string> {
    const { secretField } = this.sources.of(connection.vendor).webhooks;
    const { vault } = this.connections;
    return this.database.transaction(connection.tenantId, async (manager) => {
      const kept = await vault.findAndLock(manager, connection, secretField);
      if (kept) return kept.secret;
      const secret = randomBytes(24).toString('base64url');
      await vault.put(manager, connection, secretField, secret);
      return secret;
    });
  }
}
