import {
  companyChanged, contactChanged, dealChanged, recordGone, scanEnded, writeCompleted, type Envelope, type EventOf,
} from '@crossdock/contracts';
import { OnEvent, OnEvents, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { RecordSync, type Outcome } from './records/record-sync.ts';
import { toldRecord, type ToldRecord } from './records/told-record.ts';
import { ToldBatches } from './records/told-batches.ts';
import { SyncRuns } from './runs/sync-runs.ts';

/** What sync hears of the accounts. */
@Controller()
export class SyncEvents {
  constructor(private readonly batches: ToldBatches, private readonly records: RecordSync, private readonly runs: SyncRuns) {}

  @OnEvents(contactChanged)
  async onContactsChanged(events: ReadonlyArray<EventOf<typeof contactChanged>>, context: EventContext): Promise<void> {
    await this.#takeTold(events.map((event) => [event, toldRecord('contact', event.time, event.data)]), context);
  }

  @OnEvents(companyChanged)
  async onCompaniesChanged(events: ReadonlyArray<EventOf<typeof companyChanged>>, context: EventContext): Promise<void> {
    await this.#takeTold(events.map((event) => [event, toldRecord('company', event.time, event.data)]), context);
  }

  @OnEvents(dealChanged)
  async onDealsChanged(events: ReadonlyArray<EventOf<typeof dealChanged>>, context: EventContext): Promise<void> {
    await this.#takeTold(events.map((event) => [event, toldRecord('deal', event.time, event.data)]), context);
  }

  @OnEvent(recordGone)
  async onRecordGone({ data, time }: EventOf<typeof recordGone>, context: EventContext): Promise<void> {
    // Both are told under one lock, each at its time: by when it was read, a record that is gone could seem older than what was read before.
    note(await this.records.takeGone(context.manager, { ...data, noticedAt: time }), context);
  }

  @OnEvent(writeCompleted)
  async onWriteCompleted({ data, time }: EventOf<typeof writeCompleted>, context: EventContext): Promise<void> {
    note(await this.records.takeAnswer(context.manager, data, time), context);
  }

  @OnEvent(scanEnded)
  async onScanEnded({ data }: EventOf<typeof scanEnded>, context: EventContext): Promise<void> {
    await this.runs.takeEnd(context.manager, data);
  }

  /** What follows from an event is said in its name, however many were taken over with it. */
  async #takeTold(events: ReadonlyArray<readonly [Envelope, ToldRecord | undefined]>, context: EventContext): Promise<void> {
    const told = events.flatMap(([{ id: causationId, correlationid: correlationId, tenantid: tenantId }, record]) =>
      (record ? [{ record, scope: { tenantId, correlationId, causationId } }] : []));
    const outcomes = await this.batches.takeAll(context.manager, told);
    if (outcomes.length > 0 && outcomes.every((outcome) => outcome === 'stale')) context.stale();
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
