import { trackingReceived, type EventOf } from '@crossdock/contracts';
import { EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { TrackingService } from './tracking.service.ts';

/** What shipping hears. */
@Controller()
export class ShippingEvents {
  readonly #tracking: TrackingService;

  constructor(tracking: TrackingService) {
    this.#tracking = tracking;
  }

  @EventPattern<string>(trackingReceived.type)
  async onTrackingReceived(@Payload() event: EventOf<typeof trackingReceived>, @Ctx() context: EventContext): Promise<void> {
    if (await this.#tracking.takeReport(context.manager, event.data) === 'stale') context.stale();
  }
}
