import {
  companyChanged, contactChanged, dealChanged, recordGone, scanEnded, writeCompleted, type EventOf,
} from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { RecordSync, type Outcome } from './records/record-sync.ts';
import { toldRecord } from './records/told-record.ts';
import { SyncRuns } from './runs/sync-runs.ts';

/** What sync hears of the accounts. */
@Controller()
export class SyncEvents {
  constructor(private readonly records: RecordSync, private readonly runs: SyncRuns) {}

  @OnEvent(contactChanged)
  async onContactChanged({ data }: EventOf<typeof contactChanged>, context: EventContext): Promise<void> {
    await this.#takeTold('contact', data, context);
  }

  @OnEvent(companyChanged)
  async onCompanyChanged({ data }: EventOf<typeof companyChanged>, context: EventContext): Promise<void> {
    await this.#takeTold('company', data, context);
  }

  @OnEvent(dealChanged)
  async onDealChanged({ data }: EventOf<typeof dealChanged>, context: EventContext): Promise<void> {
    await this.#takeTold('deal', data, context);
  }

  @OnEvent(recordGone)
  async onRecordGone({ data }: EventOf<typeof recordGone>, context: EventContext): Promise<void> {
    note(await this.records.takeGone(context.manager, data), context);
  }

  @OnEvent(writeCompleted)
  async onWriteCompleted({ data }: EventOf<typeof writeCompleted>, context: EventContext): Promise<void> {
    note(await this.records.takeAnswer(context.manager, data), context);
  }

  @OnEvent(scanEnded)
  async onScanEnded({ data }: EventOf<typeof scanEnded>, context: EventContext): Promise<void> {
    await this.runs.takeEnd(context.manager, data);
  }

  async #takeTold(...[object, data, context]: [Parameters<typeof toldRecord>[0], Parameters<typeof toldRecord>[1], EventContext]): Promise<void> {
    const told = toldRecord(object, data);
    if (told) note(await this.records.takeTold(context.manager, told), context);
  }
}

function note(outcome: Outcome, context: EventContext): void {
  if (outcome === 'stale') context.stale();
}
