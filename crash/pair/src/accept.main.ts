/** The producer of the pair: takes requests and publishes an event for each. It bears a service's name, as the catalogue asks. */
import { Module } from '@nestjs/common';
import { runService, serviceConfigShape } from '@crossdock/service-kit';
import { z } from 'zod';
import { AcceptController } from './accept.controller.ts';

@Module({})
class AcceptModule {}

await runService({
  name: 'gateway',
  config: z.object(serviceConfigShape),
  module: () => ({ module: AcceptModule, controllers: [AcceptController] }),
});
