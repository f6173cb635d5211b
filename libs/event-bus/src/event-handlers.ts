import type { Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Envelope } from '@crossdock/contracts';
import type { EventContext } from './event-context.ts';

/** The handlers of one service, for whoever has an event by another way than the consumer group: a replay, an operator. */
export class EventHandlers {
  readonly #transport: Server;

  /** @param transport where the framework has registered the service's `@OnEvent` methods. */
  constructor(transport: Server) {
    this.#transport = transport;
  }

  hears(type: string): boolean {
    return this.#transport.getHandlerByPattern(type) !== null;
  }

  /** @throws what the handler throws; Error where the service hears no such event. */
  async handle(envelope: Envelope, context: EventContext): Promise<void> {
    const handler = this.#transport.getHandlerByPattern(envelope.type);
    if (!handler) throw new Error(`There is no handler for ${envelope.type}.`);
    await lastValueFrom(this.#transport.transformToObservable(await handler(envelope, context)), { defaultValue: undefined });
  }
}
