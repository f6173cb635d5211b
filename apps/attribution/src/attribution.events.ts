import {
  companyChanged, contactChanged, dealChanged, leadTaken, orderChanged, recordGone, shipmentCreated, shipmentDelivered, type EventOf,
} from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { type Outcome, ToldFacts } from './told-facts.ts';

/** What attribution hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class AttributionEvents {
  readonly #facts: ToldFacts;

  constructor(facts: ToldFacts) {
    this.#facts = facts;
  }

  @OnEvent(shipmentCreated)
  async onShipmentCreated(event: EventOf<typeof shipmentCreated>, context: EventContext): Promise<void> {
    note(await this.#facts.takeShipment(context.manager, event.data), context);
  }

  @OnEvent(shipmentDelivered)
  async onShipmentDelivered(event: EventOf<typeof shipmentDelivered>, context: EventContext): Promise<void> {
    note(await this.#facts.takeDelivery(context.manager, event.data), context);
  }

  @OnEvent(leadTaken)
  async onLeadTaken(event: EventOf<typeof leadTaken>, context: EventContext): Promise<void> {
    note(await this.#facts.takeLead(context.manager, event.data), context);
  }

  @OnEvent(dealChanged)
  async onDealChanged(event: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    note(await this.#facts.takeDeal(context.manager, event.data), context);
  }

  @OnEvent(contactChanged)
  async onContactChanged(event: EventOf<typeof contactChanged>, context: EventContext): Promise<void> {
    note(await this.#facts.takeContact(context.manager, event.data), context);
  }

  @OnEvent(companyChanged)
  async onCompanyChanged(event: EventOf<typeof companyChanged>, context: EventContext): Promise<void> {
    note(await this.#facts.takeCompany(context.manager, event.data), context);
  }

  @OnEvent(orderChanged)
  async onOrderChanged(event: EventOf<typeof orderChanged>, context: EventContext): Promise<void> {
    note(await this.#facts.takeOrder(context.manager, event.data), context);
  }

  @OnEvent(recordGone)
  async onRecordGone(event: EventOf<typeof recordGone>, context: EventContext): Promise<void> {
    note(await this.#facts.takeGone(context.manager, event.data), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
