import { Controller } from '@nestjs/common';
import { orderReceived, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { z } from 'zod';
import { EffectTasks } from './effect.tasks.ts';

const payloadSchema = z.object({ sequence: z.int().positive() });

/** Writes one row for each event it hears, and has a vendor told of it. */
@Controller()
export class EffectEvents {
  constructor(private readonly tasks: EffectTasks) {}

  @OnEvent(orderReceived)
  async onReceived(event: EventOf<typeof orderReceived>, { manager }: EventContext): Promise<void> {
    const effect = { eventId: event.id, record: event.data.externalId, ...payloadSchema.parse(event.data.payload) };
    await manager.query(
      'INSERT INTO event_effect (tenant_id, record, sequence, event_id) VALUES ($1, $2, $3, $4)',
      [event.tenantid, effect.record, effect.sequence, effect.eventId],
    );
    await this.tasks.enqueue(manager, event.tenantid, effect);
  }
}
