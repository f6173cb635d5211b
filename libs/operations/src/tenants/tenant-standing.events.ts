import { Controller, Inject } from '@nestjs/common';
import { tenantStandingChanged, type EventOf } from '@crossdock/contracts';
import { OnEvents, type EventContext } from '@crossdock/event-bus';
import { keepTenantStanding, TaskWorker } from '@crossdock/task-queue';
import { afterCommit } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { eraseTenant } from './tenant-erasure.ts';

/** The PostgreSQL schemas that a service keeps tenants' rows in. */
export const TENANT_SCHEMAS = Symbol('TENANT_SCHEMAS');

/** What every service does when a tenant is suspended, resumed, deleted or erased. */
@Controller()
export class TenantStandingEvents {
  readonly #worker: TaskWorker;
  readonly #schemas: readonly string[];

  constructor(worker: TaskWorker, @Inject(TENANT_SCHEMAS) schemas: readonly string[]) {
    this.#worker = worker;
    this.#schemas = schemas;
  }

  /** Takes many at once, as the service that hears every event does. */
  @OnEvents(tenantStandingChanged)
  async onStandingChanged(events: ReadonlyArray<EventOf<typeof tenantStandingChanged>>, context: EventContext): Promise<void> {
    const isNews: boolean[] = [];
    for (const event of events) isNews.push(await this.#apply(event, context.manager));
    if (!isNews.includes(true)) context.stale();
  }

  /** @returns false where something newer is known. */
  async #apply({ tenantid: tenantId, data }: EventOf<typeof tenantStandingChanged>, manager: EntityManager): Promise<boolean> {
    if (!await keepTenantStanding(manager, { tenantId, ...data })) return false;
    if (data.state === 'erased') await eraseTenant(manager, tenantId, this.#schemas);
    if (data.state === 'active') afterCommit(manager, () => this.#worker.wake());
    return true;
  }
}
