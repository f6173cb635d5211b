import type { Envelope } from '@crossdock/contracts';
import { BaseRpcContext } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';

/** What a handler gets beside its event. */
export class EventContext extends BaseRpcContext<[EntityManager]> {
  #isStale = false;
  readonly #staleIds = new Set<string>();

  /** The inbox transaction, turned to the event's tenant: what a handler writes commits with the inbox row or not at all. */
  get manager(): EntityManager {
    const [manager] = this.getArgs();
    return manager;
  }

  /**
   * Says that the event is older than what is already known, so that nothing was done.
   * @param event which of them, where many came together; otherwise all
   */
  stale(event?: Envelope): void {
    if (event) this.#staleIds.add(event.id);
    else this.#isStale = true;
  }

  isStale(event: Envelope): boolean {
    return this.#isStale || this.#staleIds.has(event.id);
  }
}
