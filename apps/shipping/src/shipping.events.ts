import { connectionHealthChanged, dealChanged, trackingReceived, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { Controller } from '@nestjs/common';
import { SampleRequests } from './samples/sample-requests.service.ts';
import { TrackingService } from './tracking/tracking.service.ts';

/** What shipping hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class ShippingEvents {
  readonly #tracking: TrackingService;
  readonly #samples: SampleRequests;
  readonly #queue: TaskQueue;

  constructor(tracking: TrackingService, samples: SampleRequests, queue: TaskQueue) {
    this.#tracking = tracking;
    this.#samples = samples;
    this.#queue = queue;
  }

  @OnEvent(trackingReceived)
  async onTrackingReceived(event: EventOf<typeof trackingReceived>, context: EventContext): Promise<void> {
    if (await this.#tracking.takeReport(context.manager, event.data) === 'stale') context.stale();
  }

  /** A deal may ask for a sample. */
  @OnEvent(dealChanged)
  async onDealChanged({ data }: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    if (!await this.#samples.take(context.manager, data)) context.stale();
  }

  /** Purchases that rested while the account was not connected go on. */
  @OnEvent(connectionHealthChanged)
  async onConnectionHealthChanged({ data }: EventOf<typeof connectionHealthChanged>, context: EventContext): Promise<void> {
    if (data.vendor === 'shippo' && data.state === 'healthy') await this.#queue.resumeParked(context.manager, data.connectionId);
  }
}
