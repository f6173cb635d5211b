import { BaseRpcContext } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';

/** What a handler gets beside its event. */
export class EventContext extends BaseRpcContext<[EntityManager]> {
  #stale = false;

  /** The inbox transaction, turned to the event's tenant: what a handler writes commits with the inbox row or not at all. */
  get manager(): EntityManager {
    const [manager] = this.getArgs();
    return manager;
  }

  /** Says that the event is older than what is already known, so that nothing was done. */
  stale(): void {
    this.#stale = true;
  }

  get isStale(): boolean {
    return this.#stale;
  }
}
