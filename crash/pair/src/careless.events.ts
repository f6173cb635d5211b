import { channel } from 'node:diagnostics_channel';
import { Controller } from '@nestjs/common';
import { orderReceived, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import { effectOf, writeEffect, type Effect } from './effect.ts';
import { EffectTasks } from './effect.tasks.ts';

const LATEST_MS = 500;
/** The effect has committed; the inbox has not. Only a handler that is made wrong has such a step. */
const written = channel('crossdock.careless.written');

/**
 * Does on purpose what a handler must not do, so that a crash test can show that it would be found. Half of the records
 * have their effects in a transaction of their own, before the inbox commits: a kill doubles them. The other half have
 * them after the event counts as handled, each after a while of its own: a kill loses them, and they overtake one
 * another. The tasks are done as they should be.
 */
@Controller()
export class CarelessEvents {
  constructor(private readonly database: TenantDatabase, private readonly tasks: EffectTasks) {}

  @OnEvent(orderReceived)
  async onReceived(event: EventOf<typeof orderReceived>, { manager }: EventContext): Promise<void> {
    const effect = effectOf(event);
    if (isEven(effect)) {
      await this.#write(event.tenantid, effect);
      if (written.hasSubscribers) written.publish('written');
    } else {
      setTimeout(() => void this.#write(event.tenantid, effect).catch(() => undefined), Math.random() * LATEST_MS);
    }
    await this.tasks.enqueue(manager, event.tenantid, effect);
  }

  async #write(tenantId: string, effect: Effect): Promise<void> {
    await this.database.transaction(tenantId, (own) => writeEffect(own, 'event_effect', tenantId, effect));
  }
}

/** By the number at the end of the record. */
function isEven({ record }: Effect): boolean {
  return Number(record.at(-1)) % 2 === 0;
}
