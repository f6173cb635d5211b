import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventDefinition, EventOf } from '@crossdock/contracts';
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
