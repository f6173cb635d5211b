import type { Envelope } from '@crossdock/contracts';
import { OnEveryEvent, type EventContext } from '@crossdock/event-bus';
import { Controller } from '@nestjs/common';
import { appendEntries } from '../audit/audit-chain.ts';
import { auditEntryOf } from '../audit/audit-entry.ts';
import { writeEntries } from './journal-entries.ts';

/** The journal hears every event that there is; those that tell what somebody did stand in the tenant's audit as well. */
@Controller()
export class JournalEvents {
  @OnEveryEvent()
  async onEvents(events: readonly Envelope[], context: EventContext): Promise<void> {
    const [first] = events;
    if (!first) return;
    await writeEntries(context.manager, first.tenantid, events);
    const acts = events.map((event) => auditEntryOf(event)).filter((entry) => entry !== undefined);
    if (acts.length > 0) await appendEntries(context.manager, first.tenantid, acts);
  }
}
