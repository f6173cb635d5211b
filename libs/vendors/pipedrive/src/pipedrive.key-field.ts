import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';

/** The name by which the field is found again: Pipedrive chooses the key that stands in deals. */
const fieldName = 'Crossdock key';
const path = `${pipedriveLimits.apiV2}/dealFields`;

const fieldSchema = z.object({ field_name: z.string(), field_code: z.string().min(1).max(100), field_type: z.string(), is_custom_field: z.boolean() });

/** Key of the deal field that keeps the hub's own key; undefined while there is none. The oldest one where there are two. */
async function findKeyField(session: PipedriveSession): Promise<string | undefined> {
  let cursor: string | undefined;
  do {
    const { rows, nextCursor } = await session.page({
      operation: 'dealFields.list', path, query: { limit: pipedriveLimits.pageSize, ...(cursor !== undefined && { cursor }) },
    }, fieldSchema);
    const found = rows.find((field) => field.is_custom_field && field.field_name === fieldName && field.field_type === 'varchar');
    if (found) return found.field_code;
    cursor = nextCursor;
  } while (cursor !== undefined);
  return undefined;
}

/** Keys of the fields by connection, remembered for a while, because asking costs as much as ten reads. */
export class KeyFields {
  readonly #kept = new Map<string, { readonly code: string; readonly untilMs: number }>();
  readonly #now: () => number;
  readonly #keptMs = 3_600_000;
  readonly #maxKept = 10_000;

  constructor(now: () => number) {
    this.#now = now;
  }

  async find(session: PipedriveSession): Promise<string | undefined> {
    const { id } = session.connection;
    const kept = this.#kept.get(id);
    if (kept && kept.untilMs > this.#now()) return kept.code;
    const code = await findKeyField(session);
    if (code !== undefined) this.#keep(id, code);
    return code;
  }

  /** @throws Failure `dependency_missing` while the company has no such field: its set-up is not through yet. */
  async require(session: PipedriveSession): Promise<string> {
    const code = await this.find(session);
    if (code === undefined) throw new Failure('dependency_missing', 'The deal field that keeps the hub’s key is not set up in this Pipedrive company.');
    return code;
  }

  async create(session: PipedriveSession): Promise<void> {
    const { field_code: code } = await session.call({
      operation: 'dealFields.create', method: 'POST', path,
      body: { field_name: fieldName, field_type: 'varchar', description: 'Keeps the key by which Crossdock finds this deal. Do not change.' },
    }, z.object({ field_code: z.string().min(1).max(100) }));
    this.#keep(session.connection.id, code);
  }

  /** The field may be gone: whoever asks next looks again. */
  forget(connectionId: string): void {
    this.#kept.delete(connectionId);
  }

  #keep(connectionId: string, code: string): void {
    if (this.#kept.size >= this.#maxKept) this.#kept.clear();
    this.#kept.set(connectionId, { code, untilMs: this.#now() + this.#keptMs });
  }
}
