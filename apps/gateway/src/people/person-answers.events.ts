import { Controller } from '@nestjs/common';
import { personAnswered, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { PersonRequests } from './person-requests.ts';

/** What services say of a person's data. */
@Controller()
export class PersonAnswersEvents {
  constructor(private readonly requests: PersonRequests) {}

  @OnEvent(personAnswered)
  async onAnswered({ tenantid: tenantId, data }: EventOf<typeof personAnswered>, context: EventContext): Promise<void> {
    if (!await this.requests.take(context.manager, tenantId, data)) context.stale();
  }
}
