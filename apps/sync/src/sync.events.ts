import {
  companyChanged, contactChanged, dealChanged, isEventOf, recordGone, scanEnded, writeCompleted, type Envelope, type EventOf,
} from '@crossdock/contracts';
import { OnEvent, OnEvents, OnEventsTogether, type EventContext } from '@crossdock/event-bus';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { Controller } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { lockLinked } from './records/record-locks.ts';
import { RecordSync, type Outcome } from './records/record-sync.ts';
import { lockRecords } from './records/synced-record.repository.ts';
import { toldRecord, type ToldRecord } from './records/told-record.ts';
import { ToldBatches } from './records/told-batches.ts';
import { SyncRuns } from './runs/sync-runs.ts';

/** What sync hears of the accounts. */
@Controller()
export class SyncEvents {
  constructor(private readonly batches: ToldBatches, private readonly records: RecordSync, private readonly runs: SyncRuns) {}

  /** All that accounts of a tenant told, of whatever kind and partition, is taken over together. */
  @OnEventsTogether([contactChanged, companyChanged, dealChanged])
  async onRecordsChanged(events: readonly Envelope[], context: EventContext): Promise<void> {
    const told = events.flatMap((event) => {
      const record = recordOf(event);
      return record ? [{ record, scope: scopeOf(event) }] : [];
    });
    note(await this.batches.takeAll(context.manager, told), context);
  }

  @OnEvents(recordGone)
  async onRecordsGone(events: ReadonlyArray<EventOf<typeof recordGone>>, context: EventContext): Promise<void> {
    await lockLinked(context.manager, events.map(({ data }) => data));
    // Both are told under one lock, each at its time: by when it was read, a record that is gone could seem older than what was read before.
    await takeEach(events, context, ({ data, time }) => this.records.takeGone(context.manager, { ...data, noticedAt: time }));
  }

  @OnEvents(writeCompleted)
  async onWritesCompleted(events: ReadonlyArray<EventOf<typeof writeCompleted>>, context: EventContext): Promise<void> {
    await lockRecords(context.manager, events.map(({ data }) => data.recordKey).filter((key) => isUuid(key)));
    await takeEach(events, context, ({ data, time }) => this.records.takeAnswer(context.manager, data, time));
  }

  @OnEvent(scanEnded)
  async onScanEnded({ data }: EventOf<typeof scanEnded>, context: EventContext): Promise<void> {
    await this.runs.takeEnd(context.manager, data);
  }
}

function recordOf(event: Envelope): ToldRecord | undefined {
  if (isEventOf(contactChanged, event)) return toldRecord('contact', event.time, event.data);
  if (isEventOf(companyChanged, event)) return toldRecord('company', event.time, event.data);
  return isEventOf(dealChanged, event) ? toldRecord('deal', event.time, event.data) : undefined;
}

async function takeEach<Event extends Envelope>(events: readonly Event[], context: EventContext, take: (event: Event) => Promise<Outcome>): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const event of events) outcomes.push(await tenantContext.run(scopeOf(event), () => take(event)));
  note(outcomes, context);
}

/** What follows from an event is said in its name, however many were taken over with it. */
function scopeOf({ id: causationId, correlationid: correlationId, tenantid: tenantId }: Envelope): TenantScope {
  return { tenantId, correlationId, causationId };
}

function note(outcomes: readonly Outcome[], context: EventContext): void {
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome === 'stale')) context.stale();
}
