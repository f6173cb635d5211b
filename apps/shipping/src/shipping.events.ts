import { trackingReceived, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { TrackingService } from './tracking.service.ts';

/** What shipping hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class ShippingEvents {
  readonly #tracking: TrackingService;

  constructor(tracking: TrackingService) {
    this.#tracking = tracking;
  }

  @OnEvent(trackingReceived)
  async onTrackingReceived(event: EventOf<typeof trackingReceived>, context: EventContext): Promise<void> {
    if (await this.#tracking.takeReport(context.manager, event.data) === 'stale') context.stale();
  }
}
