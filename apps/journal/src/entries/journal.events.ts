import type { Envelope } from '@crossdock/contracts';
import { OnEveryEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { writeEntries } from './journal-entries.ts';

/** The journal hears every event that there is. */
@Controller()
export class JournalEvents {
  @OnEveryEvent()
  async onEvents(events: readonly Envelope[], context: EventContext): Promise<void> {
    await writeEntries(context.manager, events);
  }
}
