import { Controller } from '@nestjs/common';
import { orderReceived, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { effectOf, writeEffect } from './effect.ts';
import { EffectTasks } from './effect.tasks.ts';

/** Writes one row for each event it hears, and has a vendor told of it. */
@Controller()
export class EffectEvents {
  constructor(private readonly tasks: EffectTasks) {}

  @OnEvent(orderReceived)
  async onReceived(event: EventOf<typeof orderReceived>, { manager }: EventContext): Promise<void> {
    const effect = effectOf(event);
    await writeEffect(manager, 'event_effect', event.tenantid, effect);
    await this.tasks.enqueue(manager, event.tenantid, effect);
  }
}
