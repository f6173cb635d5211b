import {
  companyChanged, contactChanged, dealChanged, type Envelope, isEventOf, leadTaken, orderChanged, recordGone, shipmentCreated, shipmentDelivered,
} from '@crossdock/contracts';
import { type EventContext, OnEventsTogether, scopeOfEvent } from '@crossdock/event-bus';
import { tenantContext } from '@crossdock/tenancy';
import { Controller } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { factOf } from './fact.ts';
import { type Outcome, ToldFacts } from './told-facts.ts';

/** What attribution hears: all that came of a tenant together. What is stored does not depend on the order in which it came. */
@Controller()
export class AttributionEvents {
  readonly #facts: ToldFacts;

  constructor(facts: ToldFacts) {
    this.#facts = facts;
  }

  @OnEventsTogether([dealChanged, orderChanged, contactChanged, companyChanged, leadTaken, shipmentCreated, shipmentDelivered, recordGone])
  async onEvents(events: readonly Envelope[], context: EventContext): Promise<void> {
    const told = events.flatMap((event) => {
      const fact = factOf(event);
      return fact ? [{ event, fact }] : [];
    });
    const outcomes = await this.#facts.take(context.manager, told.map(({ fact }) => fact));
    for (const [index, { event }] of told.entries()) note(outcomes[index], event, context);
    const isTold = new Set(told.map(({ event }) => event));
    for (const event of events.filter((each) => !isTold.has(each))) note(await tenantContext.run(scopeOfEvent(event), () => this.#takeAlone(context.manager, event)), event, context);
  }

  async #takeAlone(manager: EntityManager, event: Envelope): Promise<Outcome> {
    if (isEventOf(shipmentCreated, event)) return this.#facts.takeShipment(manager, event.data);
    if (isEventOf(shipmentDelivered, event)) return this.#facts.takeDelivery(manager, event.data);
    return isEventOf(recordGone, event) ? this.#facts.takeGone(manager, event.data) : 'not_ours';
  }
}

function note(outcome: Outcome | undefined, event: Envelope, context: EventContext): void {
  if (outcome === 'stale') context.stale(event);
}
