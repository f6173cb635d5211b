import { asFailure } from '@crossdock/contracts';
import { findDeadLetter, removeDeadLetter, renewDeadLetterReason } from '@crossdock/event-bus';
import { removeTask, reviveTask } from '@crossdock/task-queue';
import { afterCommit, turnToTenant, type TenantDatabase } from '@crossdock/tenancy';
import { Counter, type Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { audit, type AuditEntry } from '../audit/operation-audit.ts';
import type { Actor } from '../operator.ts';
import { redactText } from '../redaction.ts';
import { isTaskId } from './dead-letter-filter.ts';
import type { DeadLetterReplayers } from './dead-letter-replayers.ts';

export type Act = 'replay' | 'discard';

/** What came of an act: what the replay says, `discarded`, `not_found` where somebody was faster, or `failed`. */
export const actResultSchema = z.object({
  id: z.string(),
  result: z.string(),
  detail: z.string().exactOptional(),
});
export type ActResult = z.infer<typeof actResultSchema>;

/** What came of an act upon many. */
export const bulkResultSchema = z.object({
  results: z.array(actResultSchema).readonly(),
  nextCursor: z.string().exactOptional().describe('Where the next page of the filter begins; absent when this was the last.'),
}).meta({ id: 'DeadLetterActs' });
export type BulkResult = z.infer<typeof bulkResultSchema>;

/** Who does something to dead letters, and why. */
interface Doing {
  readonly actor: Actor;
  readonly reason: string;
  /** The one tenant whose dead letters are within reach, by row-level security; all are where it is absent. */
  readonly tenantId?: string;
}

/** Replays and discards dead letters. The act and its audit entry commit together. */
export class DeadLetterActs {
  readonly #database: TenantDatabase;
  readonly #replayers: DeadLetterReplayers;
  readonly #wakeWorker: () => void;
  readonly #isDatabaseAway: (error: unknown) => boolean;
  readonly #acts: Counter<'action' | 'result'>;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly replayers: DeadLetterReplayers;
    readonly wakeWorker: () => void;
    readonly isDatabaseAway: (error: unknown) => boolean;
    readonly metrics: Registry;
  }) {
    this.#database = options.database;
    this.#replayers = options.replayers;
    this.#wakeWorker = options.wakeWorker;
    this.#isDatabaseAway = options.isDatabaseAway;
    this.#acts = new Counter({
      name: 'crossdock_dead_letter_acts_total', help: 'What operators did with dead letters, by what came of it.',
      labelNames: ['action', 'result'], registers: [options.metrics],
    });
  }

  /** @throws only where the database is away; nothing has happened then. */
  async act(action: Act, id: string, doing: Doing): Promise<ActResult> {
    const result = isTaskId(id) ? await this.#actOnTask(action, id, doing) : await this.#actOnLetter(action, id, doing);
    this.#acts.inc({ action, result: result.result });
    return result;
  }

  async #actOnTask(action: Act, id: string, doing: Doing): Promise<ActResult> {
    return this.#transaction(doing, async (manager) => {
      const [task] = await manager.query<Array<{ kind: string; tenant_id: string }>>('SELECT kind, tenant_id FROM task WHERE id = $1', [id]);
      const result = action === 'replay' ? await reviveTask(manager, id) : await removeTask(manager, id) ? 'discarded' : 'not_found';
      if (!task || result === 'not_found') return { id, result: 'not_found' };
      afterCommit(manager, this.#wakeWorker);
      await this.#audit(manager, action, { ...doing, recordKind: `task ${task.kind}`, recordId: id, tenantId: task.tenant_id, result });
      return { id, result };
    });
  }

  async #actOnLetter(action: Act, id: string, doing: Doing): Promise<ActResult> {
    try {
      return await this.#transaction(doing, async (manager) => {
        const letter = await findDeadLetter(manager, id, 'locked');
        if (!letter) return { id, result: 'not_found' };
        const result = action === 'replay' ? await this.#replayers.replay(manager, letter) : 'discarded';
        // A replayer leaves the transaction in the system scope.
        if (doing.tenantId !== undefined) await turnToTenant(manager, doing.tenantId);
        await removeDeadLetter(manager, id);
        await this.#audit(manager, action, { ...doing, recordKind: `${letter.origin} ${letter.kind}`, recordId: id, tenantId: letter.tenantId, result });
        return { id, result };
      });
    } catch (error) {
      if (this.#isDatabaseAway(error)) throw error;
      return await this.#recordFailure(action, id, doing, error);
    }
  }

  async #recordFailure(action: Act, id: string, doing: Doing, error: unknown): Promise<ActResult> {
    const failure = asFailure(error);
    const detail = redactText(failure.message);
    await this.#transaction(doing, async (manager) => {
      const letter = await findDeadLetter(manager, id, 'locked');
      if (!letter) return;
      await renewDeadLetterReason(manager, id, failure.kind, failure.message);
      await this.#audit(manager, action, {
        ...doing, recordKind: `${letter.origin} ${letter.kind}`, recordId: id, tenantId: letter.tenantId, result: 'failed', detail,
      });
    });
    return { id, result: 'failed', detail };
  }

  #transaction<Result>({ tenantId }: Doing, work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return tenantId === undefined ? this.#database.systemTransaction(work) : this.#database.transaction(tenantId, work);
  }

  #audit(manager: EntityManager, action: Act, entry: Omit<AuditEntry, 'action'>): Promise<void> {
    return audit(manager, { ...entry, action: `dead_letter.${action}` });
  }
}
