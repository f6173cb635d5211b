import { connectionHealthChanged, dealChanged, isEventOf, trackingReceived, type Envelope, type EventOf } from '@crossdock/contracts';
import { OnEvent, OnEventsTogether, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { Controller } from '@nestjs/common';
import { SampleFollowing } from './samples/sample-following.ts';
import { SampleRequests } from './samples/sample-requests.service.ts';
import { TrackingService } from './tracking/tracking.service.ts';

/** What shipping hears. */
// The type argument keeps the compiler from EventPattern's overload for a map of events, which ours are not.
@Controller()
export class ShippingEvents {
  readonly #tracking: TrackingService;
  readonly #samples: SampleRequests;
  readonly #following: SampleFollowing;
  readonly #queue: TaskQueue;

  constructor(tracking: TrackingService, samples: SampleRequests, following: SampleFollowing, queue: TaskQueue) {
    this.#tracking = tracking;
    this.#samples = samples;
    this.#following = following;
    this.#queue = queue;
  }

  @OnEvent(trackingReceived)
  async onTrackingReceived(event: EventOf<typeof trackingReceived>, context: EventContext): Promise<void> {
    if (await this.#tracking.takeReport(context.manager, event.data) === 'stale') context.stale();
  }

  /** A deal may ask for a sample. What came of a tenant is looked up together, whatever partitions brought it. */
  @OnEventsTogether([dealChanged])
  async onDealsChanged(events: readonly Envelope[], context: EventContext): Promise<void> {
    const told = events.filter((event) => isEventOf(dealChanged, event)).map(({ data: deal, id: causationId, correlationid: correlationId, tenantid: tenantId }) => ({ deal, scope: { tenantId, correlationId, causationId } }));
    if (!await this.#samples.takeAll(context.manager, told)) context.stale();
  }

  /** Purchases that rested while the account was not connected go on; deals of a CRM account may ask for samples. */
  @OnEvent(connectionHealthChanged)
  async onConnectionHealthChanged({ data }: EventOf<typeof connectionHealthChanged>, context: EventContext): Promise<void> {
    if (data.state === 'healthy' || data.state === 'degraded') await this.#following.followConnected(context.manager, { id: data.connectionId, vendor: data.vendor });
    if (data.vendor === 'shippo' && data.state === 'healthy') await this.#queue.resumeParked(context.manager, data.connectionId);
  }
}
