import { dealChanged, shipmentCreated, shipmentDelivered, type EventOf } from '@crossdock/contracts';
import { EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttributionService, type Outcome } from './attribution.service.ts';

/** What attribution hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class AttributionEvents {
  readonly #attribution: AttributionService;

  constructor(attribution: AttributionService) {
    this.#attribution = attribution;
  }

  @EventPattern<unknown>(shipmentCreated.type)
  async onShipmentCreated(@Payload() event: EventOf<typeof shipmentCreated>, @Ctx() context: EventContext): Promise<void> {
    note(await this.#attribution.takeShipment(context.manager, event.data), context);
  }

  @EventPattern<unknown>(shipmentDelivered.type)
  async onShipmentDelivered(@Payload() event: EventOf<typeof shipmentDelivered>, @Ctx() context: EventContext): Promise<void> {
    note(await this.#attribution.takeDelivery(context.manager, event.data), context);
  }

  @EventPattern<unknown>(dealChanged.type)
  async onDealChanged(@Payload() event: EventOf<typeof dealChanged>, @Ctx() context: EventContext): Promise<void> {
    note(await this.#attribution.takeDeal(context.manager, event.data), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
