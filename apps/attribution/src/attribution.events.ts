import { dealChanged, shipmentCreated, shipmentDelivered, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { AttributionService, type Outcome } from './attribution.service.ts';

/** What attribution hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class AttributionEvents {
  readonly #attribution: AttributionService;

  constructor(attribution: AttributionService) {
    this.#attribution = attribution;
  }

  @OnEvent(shipmentCreated)
  async onShipmentCreated(event: EventOf<typeof shipmentCreated>, context: EventContext): Promise<void> {
    note(await this.#attribution.takeShipment(context.manager, event.data), context);
  }

  @OnEvent(shipmentDelivered)
  async onShipmentDelivered(event: EventOf<typeof shipmentDelivered>, context: EventContext): Promise<void> {
    note(await this.#attribution.takeDelivery(context.manager, event.data), context);
  }

  @OnEvent(dealChanged)
  async onDealChanged(event: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    note(await this.#attribution.takeDeal(context.manager, event.data), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
