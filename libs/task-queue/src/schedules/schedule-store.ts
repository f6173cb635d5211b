import type { EntityManager } from 'typeorm';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { RegisteredSchedule } from './schedule-registry.ts';
import type { Slots } from './schedule-slots.ts';

interface ScheduleRow {
  readonly name: string;
  readonly now: Date;
  readonly next_at: Date;
}

/** Firings that are remembered for each schedule; more than any clock is ever set back by. */
const remembered = 1_000;

/** What has fired and what is due, by the database's clock alone. */
export class ScheduleStore {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Makes schedules known; one whose rhythm changed begins anew with the next slot. */
  async announce(schedules: readonly RegisteredSchedule[]): Promise<void> {
    await this.#database.systemTransaction(async (manager) => {
      const now = await databaseTime(manager);
      for (const { name, slots } of schedules) {
        await manager.query(
          `INSERT INTO schedule (name, rhythm, next_at) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO UPDATE SET rhythm = excluded.rhythm, next_at = excluded.next_at WHERE schedule.rhythm <> excluded.rhythm`,
          [name, slots.text, slots.next(now)]);
      }
    });
  }

  /** Those whose slot has come, or whose clock was set back behind the slot before the one they wait for. */
  async findDue(schedules: readonly RegisteredSchedule[]): Promise<RegisteredSchedule[]> {
    const rows = await this.#database.queryOutsideTenants<ScheduleRow>(
      'SELECT name, now() AS now, next_at FROM schedule WHERE name = ANY($1)', [schedules.map(({ name }) => name)]);
    const byName = new Map(rows.map((row) => [row.name, row]));
    return schedules.filter(({ name, slots }) => {
      const row = byName.get(name);
      return row !== undefined && (row.next_at <= row.now || isSetBack(row, slots));
    });
  }

  /**
   * Fires the latest slot of a schedule that is due, and no other: slots that were missed count as one. The slot's row and
   * what `effect` writes commit together.
   * @returns the slot, or undefined where another replica or an earlier reading of the clock has fired it.
   */
  async fire({ name, slots }: RegisteredSchedule, effect: (manager: EntityManager, slot: Date) => Promise<void>): Promise<Date | undefined> {
    return this.#database.systemTransaction(async (manager) => {
      const [row] = await manager.query<ScheduleRow[]>('SELECT name, now() AS now, next_at FROM schedule WHERE name = $1 FOR UPDATE SKIP LOCKED', [name]);
      if (!row) return undefined;
      const isDue = row.next_at <= row.now;
      if (!isDue && !isSetBack(row, slots)) return undefined;
      await manager.query('UPDATE schedule SET next_at = $2 WHERE name = $1', [name, slots.next(row.now)]);
      return isDue ? fireSlot(manager, name, slots.latest(row.now), effect) : undefined;
    });
  }
}

async function fireSlot(
  manager: EntityManager, name: string, slot: Date, effect: (manager: EntityManager, slot: Date) => Promise<void>,
): Promise<Date | undefined> {
  const [fired] = await manager.query<Array<{ firing: string }>>(
    'INSERT INTO schedule_firing (name, slot) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING firing', [name, slot]);
  if (!fired) return undefined;
  await manager.query('UPDATE schedule SET last_slot = $2 WHERE name = $1', [name, slot]);
  await manager.query(
    `DELETE FROM schedule_firing WHERE name = $1 AND firing < (
       SELECT firing FROM schedule_firing WHERE name = $1 ORDER BY firing DESC OFFSET ${remembered - 1} LIMIT 1)`, [name]);
  await effect(manager, slot);
  return slot;
}

function isSetBack({ now, next_at: nextAt }: ScheduleRow, slots: Slots): boolean {
  return slots.next(now) < nextAt;
}

async function databaseTime(manager: EntityManager): Promise<Date> {
  const [row] = await manager.query<Array<{ now: Date }>>('SELECT now() AS now');
  if (!row) throw new Error('The database did not tell its time.');
  return row.now;
}
