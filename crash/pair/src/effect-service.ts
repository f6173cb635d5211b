import { Module, type Type } from '@nestjs/common';
import { runService } from '@crossdock/service-kit';
import { TaskQueue, TaskRegistry } from '@crossdock/task-queue';
import { effectConfig } from './effect.config.ts';
import { EffectTasks } from './effect.tasks.ts';

@Module({})
class EffectModule {}

/** Runs a consumer of the pair. It bears a service's name, as the catalogue asks. */
export async function runEffectService(events: Type): Promise<void> {
  await runService({
    name: 'orders',
    config: effectConfig,
    module: (config) => ({
      module: EffectModule,
      controllers: [events],
      providers: [{
        provide: EffectTasks,
        useFactory: (queue: TaskQueue, registry: TaskRegistry) => new EffectTasks(queue, registry, config),
        inject: [TaskQueue, TaskRegistry],
      }],
    }),
  });
}
