import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { eventCatalogue, type EventDefinition, type EventOf } from '@crossdock/contracts';
import type { EventContext } from './event-context.ts';

type EventHandler<Definition extends EventDefinition> = (event: EventOf<Definition>, context: EventContext) => Promise<void>;
type EventHandlerDecorator<Definition extends EventDefinition> = <Handler extends EventHandler<Definition>>(
  target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/**
 * `@EventPattern` for an event of the catalogue, with `@Payload()` and `@Ctx()` on the handler's two parameters. The
 * compiler holds the handler to the event's type.
 */
export function OnEvent<Definition extends EventDefinition>(definition: Definition): EventHandlerDecorator<Definition> {
  return (target, key, descriptor) => {
    EventPattern<unknown>(definition.type)(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}

type EventsHandler<Definition extends EventDefinition> = (events: ReadonlyArray<EventOf<Definition>>, context: EventContext) => Promise<void>;
type EventsHandlerDecorator<Definition extends EventDefinition> = <Handler extends EventsHandler<Definition>>(
  target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/** What `@OnEvents` tells the transport of its handler, and `@OnEveryEvent`. */
export const takesMany = { takesMany: true } as const;
const takesAll = { takesMany: true, takesTypesTogether: true } as const;

/**
 * The same for a handler that takes what came of one tenant together, in order, in one call: a projection that writes a
 * set of rows by one statement. An event that is refused is then tried alone, so the handler must also take one.
 * @public offered to services; the benchmark of the consumer shows what it brings.
 */
export function OnEvents<Definition extends EventDefinition>(definition: Definition): EventsHandlerDecorator<Definition> {
  return takeMany(definition.type, takesMany);
}

/** The same for events of several types, which one call may bring, each type in its order. */
export function OnEventsTogether(definitions: readonly EventDefinition[]): EventsHandlerDecorator<EventDefinition> {
  return takeMany(definitions.map(({ type }) => type), takesAll);
}

/** The same for every event of the catalogue. */
export function OnEveryEvent(): EventsHandlerDecorator<EventDefinition> {
  return OnEventsTogether(eventCatalogue);
}

function takeMany<Definition extends EventDefinition>(types: string | readonly string[], extras: typeof takesMany | typeof takesAll): EventsHandlerDecorator<Definition> {
  return (target, key, descriptor) => {
    EventPattern<unknown>(types, extras)(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}
