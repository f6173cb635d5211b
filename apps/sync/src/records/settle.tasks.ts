import { TaskRegistry } from '@crossdock/task-queue';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RecordSync } from './record-sync.ts';
import { settleTask } from './waiting-records.ts';

/** Settles golden records that waited for others. */
@Injectable()
export class SettleTasks implements OnModuleInit {
  constructor(private readonly registry: TaskRegistry, private readonly records: RecordSync) {}

  onModuleInit(): void {
    this.registry.register(settleTask, async (batch) => {
      for (const task of batch.tasks) await batch.settle(task, (manager) => this.records.settle(manager, task.payload.goldenId));
    });
  }
}
