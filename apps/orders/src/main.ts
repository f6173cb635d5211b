import { runService } from '@crossdock/service-kit';
import { ordersDefinition } from './orders.definition.ts';

await runService(ordersDefinition);
