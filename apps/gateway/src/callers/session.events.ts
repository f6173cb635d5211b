import { Controller } from '@nestjs/common';
import { sessionEnded, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { EndedSessions } from './ended-sessions.ts';

/** What the gateway hears of people's sessions. */
@Controller()
export class SessionEvents {
  constructor(private readonly endedSessions: EndedSessions) {}

  @OnEvent(sessionEnded)
  async onSessionEnded({ tenantid: tenantId, data: { sessionId, tokensEndAt } }: EventOf<typeof sessionEnded>, { manager }: EventContext): Promise<void> {
    await this.endedSessions.remember(manager, { sessionId, tenantId, tokensEndAt });
  }
}
