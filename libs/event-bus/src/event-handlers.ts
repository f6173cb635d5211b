import type { MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { olderTypesOf, type Envelope } from '@crossdock/contracts';
import type { EventContext } from './event-context.ts';

/** The handlers of one service, for whoever has an event by another way than the consumer group: a replay, an operator. */
export class EventHandlers {
  readonly #transport: Server;

  /** @param transport where the framework has registered the service's `@OnEvent` methods. */
  constructor(transport: Server) {
    this.#transport = transport;
  }

  /** Also where the service hears a newer version of it, to which it is upgraded. */
  hears(type: string): boolean {
    return this.#find(type) !== undefined || [...this.#transport.getHandlers().keys()].some((heard) => olderTypesOf(heard).includes(type));
  }

  /** Whether the handler takes many events in one call. */
  takesMany(type: string): boolean {
    return this.#find(type)?.extras?.['takesMany'] === true;
  }

  /** Whether that call may bring events of several types. */
  takesTypesTogether(type: string): boolean {
    return this.#find(type)?.extras?.['takesTypesTogether'] === true;
  }

  /** @throws what the handler throws; Error where the service hears no such event. */
  async handle(envelope: Envelope, context: EventContext): Promise<void> {
    await this.#call(envelope.type, this.takesMany(envelope.type) ? [envelope] : envelope, context);
  }

  /** Events of one tenant, for a handler that takes many; of one type, unless it takes types together. @throws as `handle`. */
  async handleMany(envelopes: readonly Envelope[], context: EventContext): Promise<void> {
    const [first] = envelopes;
    if (first) await this.#call(first.type, envelopes, context);
  }

  async #call(type: string, data: Envelope | readonly Envelope[], context: EventContext): Promise<void> {
    const handler = this.#find(type);
    if (!handler) throw new Error(`There is no handler for ${type}.`);
    const result: unknown = await handler(data, context);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  /** The framework’s own look-up reads each pattern as JSON first, which throws for a name: a fifth of the consumer’s time, once measured. */
  #find(type: string): MessageHandler | undefined {
    return this.#transport.getHandlers().get(type);
  }
}
