import { runService } from '@crossdock/service-kit';
import { gateway } from './gateway.service.ts';

await runService(gateway);
