/** The consumer of the pair: has an effect for each event, and a task that calls a vendor. */
import { EffectEvents } from './effect.events.ts';
import { runEffectService } from './effect-service.ts';

await runEffectService(EffectEvents);
