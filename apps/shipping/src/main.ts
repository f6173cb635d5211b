import { runService } from '@crossdock/service-kit';
import { shippingDefinition } from './shipping.definition.ts';

await runService(shippingDefinition);
