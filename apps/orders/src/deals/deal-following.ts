import { feedRequested } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext } from '@crossdock/tenancy';
import { Inject, Injectable, type InjectionToken } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CrmLink } from '../crm-link.ts';

/** Injection token of the seconds between two looks for changed deals. */
export const DEAL_POLL_SECONDS: InjectionToken<number> = Symbol('DEAL_POLL_SECONDS');

/** Accounts whose deals are known to be followed are not looked up again; a process has its part of all tenants. */
const mostKept = 10_000;

/** Has the changes of deals told of every account that orders go to, whether its vendor sends webhooks, and whether anybody keeps its records in step. */
@Injectable()
export class DealFollowing {
  readonly #followed = new Set<string>();

  constructor(private readonly publisher: EventPublisher, @Inject(DEAL_POLL_SECONDS) private readonly everySeconds: number) {}

  /** Asks for it once an account and rhythm, in the caller's tenant transaction. */
  async follow(manager: EntityManager, { vendor, connectionId }: CrmLink): Promise<void> {
    if (this.#followed.has(connectionId)) return;
    const asked = await manager.query<unknown[]>(
      `INSERT INTO followed_crm (tenant_id, connection_id, poll_every_seconds) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, connection_id) DO UPDATE SET poll_every_seconds = excluded.poll_every_seconds
       WHERE followed_crm.poll_every_seconds <> excluded.poll_every_seconds
       RETURNING connection_id`, [tenantContext.require().tenantId, connectionId, this.everySeconds]);
    if (asked.length === 0) return this.#remember(connectionId);
    await this.publisher.publish(manager, feedRequested, {
      subject: `${vendor}/feed/${connectionId}`,
      data: { vendor, connectionId, object: 'deal', pollEverySeconds: this.everySeconds, follower: 'orders' },
    });
  }

  /** Only of what was committed before: the caller's transaction may still come to nothing. */
  #remember(connectionId: string): void {
    if (this.#followed.size >= mostKept) this.#followed.clear();
    this.#followed.add(connectionId);
  }
}
