export { removeTask, reviveTask, type RevivedTask } from './dead-tasks.ts';
export { dispositionOf } from './disposition.ts';
/** @public */
export { defineJobKind } from './jobs/job-kind.ts';
export { Jobs } from './jobs/jobs.ts';
export { CreateTaskQueue1763700000002 } from './migrations/create-task-queue.ts';
export { ScheduleRegistry } from './schedules/schedule-registry.ts';
export { Scheduler } from './schedules/scheduler.ts';
export { defineTaskKind, type TaskKind } from './task-kind.ts';
export { TaskMetrics } from './task-metrics.ts';
export { TaskQueue, type NewTask } from './task-queue.ts';
export { TaskRegistry, type Task, type TaskBatch, type TaskHandler, type TaskHandlerOptions } from './task-registry.ts';
export { TaskWorker } from './worker/task-worker.ts';
