import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { defineTaskKind, ScheduleRegistry, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { lookAgainTask, PersonRequests } from './person-requests.ts';

const upkeepTask = defineTaskKind({ kind: 'people.upkeep', schema: z.object({}), timeoutMs: 60_000, maxAttempts: 3 });

const upkeepEveryMs = 60_000;
const mostAtOnce = 100;
/** A round that was not answered wholly is said again after so long: a service may have been away for longer than Kafka keeps events. */
const silentAfterSeconds = 600;

interface RequestOfTenant {
  readonly id: string;
  readonly tenantId: string;
}

/** Goes on with requests about people that wait, and forgets files that are too old. */
@Injectable()
export class PersonRequestTasks implements OnModuleInit {
  constructor(
    private readonly registry: TaskRegistry, private readonly schedules: ScheduleRegistry, private readonly database: TenantDatabase, private readonly requests: PersonRequests,
  ) {}

  onModuleInit(): void {
    this.registry.register(lookAgainTask, async (batch) => {
      for (const task of batch.tasks) await batch.settle(task, (manager) => this.requests.lookAgain(manager, task.payload.requestId));
    });
    this.registry.register(upkeepTask, (batch) => this.#keepUp(batch));
    this.schedules.register({ name: 'people.upkeep', everyMs: upkeepEveryMs, task: { kind: upkeepTask, payload: () => ({}) } });
  }

  async #keepUp(batch: TaskBatch): Promise<void> {
    const silent = await this.#find(`state = 'running' AND said_at < now() - make_interval(secs => ${silentAfterSeconds})`);
    for (const { id, tenantId } of silent) {
      await tenantContext.run({ tenantId, correlationId: randomUUID() }, () => this.database.transaction(tenantId, (manager) => this.requests.sayAgain(manager, id)));
    }
    for (const { id, tenantId } of await this.#find('file_expires_at < now()')) await this.database.transaction(tenantId, (manager) => this.requests.forgetFile(manager, id));
    for (const task of batch.tasks) await batch.settle(task);
  }

  #find(condition: string): Promise<RequestOfTenant[]> {
    return this.database.systemTransaction((manager) => manager.query<RequestOfTenant[]>(
      `SELECT request_id AS id, tenant_id AS "tenantId" FROM privacy.person_request WHERE ${condition} ORDER BY said_at LIMIT ${mostAtOnce}`));
  }
}
