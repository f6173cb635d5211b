import { crmUpsertCompleted, dealChanged, orderReceived, type EventOf } from '@crossdock/contracts';
import { EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { OrderCrm, type Outcome } from './order-crm.service.ts';
import { OrderService } from './order.service.ts';

/** What orders hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class OrderEvents {
  readonly #orders: OrderService;
  readonly #crm: OrderCrm;

  constructor(orders: OrderService, crm: OrderCrm) {
    this.#orders = orders;
    this.#crm = crm;
  }

  @EventPattern<unknown>(orderReceived.type)
  async onOrderReceived(@Payload() event: EventOf<typeof orderReceived>, @Ctx() context: EventContext): Promise<void> {
    note(await this.#orders.receive(context.manager, event.data), context);
  }

  @EventPattern<unknown>(crmUpsertCompleted.type)
  async onCrmUpsertCompleted(
    @Payload() event: EventOf<typeof crmUpsertCompleted>, @Ctx() context: EventContext,
  ): Promise<void> {
    note(await this.#crm.takeAnswer(context.manager, event.data), context);
  }

  @EventPattern<unknown>(dealChanged.type)
  async onDealChanged(@Payload() event: EventOf<typeof dealChanged>, @Ctx() context: EventContext): Promise<void> {
    note(await this.#crm.takeDeal(context.manager, event.data), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
