import {
  companyChanged, contactChanged, dealChanged, recordGone, scanEnded, writeCompleted, type EventOf,
} from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { RecordSync, type Outcome } from './records/record-sync.ts';
import { toldRecord, type ToldRecord } from './records/told-record.ts';
import { SyncRuns } from './runs/sync-runs.ts';

/** What sync hears of the accounts. */
@Controller()
export class SyncEvents {
  constructor(private readonly records: RecordSync, private readonly runs: SyncRuns) {}

  @OnEvent(contactChanged)
  async onContactChanged(event: EventOf<typeof contactChanged>, context: EventContext): Promise<void> {
    await this.#takeTold(toldRecord('contact', event.time, event.data), context);
  }

  @OnEvent(companyChanged)
  async onCompanyChanged(event: EventOf<typeof companyChanged>, context: EventContext): Promise<void> {
    await this.#takeTold(toldRecord('company', event.time, event.data), context);
  }

  @OnEvent(dealChanged)
  async onDealChanged(event: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    await this.#takeTold(toldRecord('deal', event.time, event.data), context);
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

  async #takeTold(told: ToldRecord | undefined, context: EventContext): Promise<void> {
    if (told) note(await this.records.takeTold(context.manager, told), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
