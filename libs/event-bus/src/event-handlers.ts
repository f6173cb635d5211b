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

  /** Whether the handler takes many events in one call. */
  takesMany(type: string): boolean {
    return this.#transport.getHandlerByPattern(type)?.extras?.['takesMany'] === true;
  }

  /** @throws what the handler throws; Error where the service hears no such event. */
  async handle(envelope: Envelope, context: EventContext): Promise<void> {
    await this.#call(envelope.type, this.takesMany(envelope.type) ? [envelope] : envelope, context);
  }

  /** Events of one type and tenant, for a handler that takes many. @throws as `handle`. */
  async handleMany(envelopes: readonly Envelope[], context: EventContext): Promise<void> {
    const [first] = envelopes;
    if (first) await this.#call(first.type, envelopes, context);
  }

  async #call(type: string, data: Envelope | readonly Envelope[], context: EventContext): Promise<void> {
    const handler = this.#transport.getHandlerByPattern(type);
    if (!handler) throw new Error(`There is no handler for ${type}.`);
    await lastValueFrom(this.#transport.transformToObservable(await handler(data, context)), { defaultValue: undefined });
  }
}
