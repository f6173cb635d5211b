/** The consumer of the pair: has an effect for each event, and a task that calls a vendor. It bears a service's name, as the catalogue asks. */
import { Module } from '@nestjs/common';
import { runService } from '@crossdock/service-kit';
import { TaskQueue, TaskRegistry } from '@crossdock/task-queue';
import { effectConfig } from './effect.config.ts';
import { EffectEvents } from './effect.events.ts';
import { EffectTasks } from './effect.tasks.ts';

@Module({})
class EffectModule {}

await runService({
  name: 'orders',
  config: effectConfig,
  module: (config) => ({
    module: EffectModule,
    controllers: [EffectEvents],
    providers: [{
      provide: EffectTasks,
      useFactory: (queue: TaskQueue, registry: TaskRegistry) => new EffectTasks(queue, registry, config),
      inject: [TaskQueue, TaskRegistry],
    }],
  }),
});
