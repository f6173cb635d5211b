import type { z } from 'zod';
import type { TaskKind } from '../task-kind.ts';
import { slotsOf, type Rhythm, type Slots } from './schedule-slots.ts';

/** Something that recurs: at each slot one task, for each tenant where `perTenant` is given. */
export type Schedule<Schema extends z.ZodType = z.ZodType> = Rhythm & {
  /** Stable over releases: under it the database knows what has fired. */
  readonly name: string;
  /** The tenants that get a task; without it there is one task, for the installation. */
  readonly perTenant?: () => Promise<readonly string[]>;
  readonly task: { readonly kind: TaskKind<Schema>; readonly payload: (slot: Date) => z.infer<Schema> };
};

export interface RegisteredSchedule {
  readonly name: string;
  readonly slots: Slots;
  readonly tenants: () => Promise<readonly string[]>;
  readonly kind: TaskKind;
  readonly payload: (slot: Date) => unknown;
}

/** The tenant of work that belongs to no tenant: it owns no row, and row-level security shows it none. */
export const installationTenant = '00000000-0000-4000-8000-000000000000';

/** What recurs in this service. */
export class ScheduleRegistry {
  readonly #schedules = new Map<string, RegisteredSchedule>();

  /** @throws Error where the name is taken or the rhythm makes no sense. */
  register<Schema extends z.ZodType>(schedule: Schedule<Schema>): void {
    const { name, task } = schedule;
    if (this.#schedules.has(name)) throw new Error(`There is a schedule ${name} already.`);
    const tenants = schedule.perTenant ?? (async () => [installationTenant]);
    this.#schedules.set(name, { name, slots: slotsOf(schedule), tenants, kind: task.kind, payload: task.payload });
  }

  get schedules(): readonly RegisteredSchedule[] {
    return [...this.#schedules.values()];
  }
}
