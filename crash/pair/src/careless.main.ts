/** A consumer that is made wrong, in whose place the harness must find what is lost, doubled and out of order. */
import { CarelessEvents } from './careless.events.ts';
import { runEffectService } from './effect-service.ts';

await runEffectService(CarelessEvents);
