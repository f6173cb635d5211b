import type { TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import { storedTimeSchema } from '@crossdock/contracts';
import { FlagRules, type FlagRule } from './flag-rules.ts';

const rulesSchema = z.array(z.object({ flag: z.string(), tenantId: z.uuid(), percentage: z.int() }));
const versionSchema = z.object({ version: z.string() });
/** One change of a flag: percentages before and after, null where nothing was said. */
export const flagChangeSchema = z.object({
  id: z.coerce.number(), tenantId: z.uuid(), before: z.int().nullable(), after: z.int().nullable(), changedBy: z.string(), reason: z.string(), changedAt: storedTimeSchema,
}).meta({ id: 'FeatureFlagChange' });
export type FlagChange = z.infer<typeof flagChangeSchema>;

/** What is to hold, and who says so. `percentage` null takes back what was said. */
export interface WantedFlag extends Omit<FlagRule, 'percentage'> {
  readonly percentage: number | null;
  readonly changedBy: string;
  readonly reason: string;
}

/** Flags as PostgreSQL keeps them, for all services. */
export class FlagStore {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** Grows with each change. */
  async version(): Promise<string> {
    const [row] = await this.#database.runInSystemScope('SELECT coalesce(max(change_id), 0)::text AS version FROM feature_flags.flag_change');
    return versionSchema.parse(row).version;
  }

  async rules(): Promise<FlagRules> {
    return new FlagRules(await this.list());
  }

  /** All that was said, by flag. */
  async list(): Promise<FlagRule[]> {
    return rulesSchema.parse(await this.#database.systemTransaction((manager) => manager.query('SELECT flag, tenant_id AS "tenantId", percentage FROM feature_flags.flag_rule ORDER BY flag, tenant_id')));
  }

  /** Says what is to hold, and writes it down, in one transaction. */
  async change({ flag, tenantId, percentage, changedBy, reason }: WantedFlag): Promise<void> {
    await this.#database.systemTransaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`flag/${flag}`]);
      const [present] = await manager.query<Array<{ percentage: number }>>('SELECT percentage FROM feature_flags.flag_rule WHERE flag = $1 AND tenant_id = $2', [flag, tenantId]);
      if (percentage === null) await manager.query('DELETE FROM feature_flags.flag_rule WHERE flag = $1 AND tenant_id = $2', [flag, tenantId]);
      else {
        await manager.query(
          `INSERT INTO feature_flags.flag_rule (flag, tenant_id, percentage) VALUES ($1, $2, $3) ON CONFLICT (flag, tenant_id) DO UPDATE SET percentage = excluded.percentage`, [flag, tenantId, percentage]);
      }
      await manager.query(
        `INSERT INTO feature_flags.flag_change (flag, tenant_id, percentage_before, percentage_after, changed_by, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
        [flag, tenantId, present?.percentage ?? null, percentage, changedBy, reason]);
    });
  }

  /** The last 200 changes of a flag, newest first. */
  async changes(flag: string): Promise<FlagChange[]> {
    return z.array(flagChangeSchema).parse(await this.#database.systemTransaction((manager) => manager.query(
      `SELECT change_id AS id, tenant_id AS "tenantId", percentage_before AS before, percentage_after AS after, changed_by AS "changedBy", reason, changed_at AS "changedAt"
       FROM feature_flags.flag_change WHERE flag = $1 ORDER BY change_id DESC LIMIT 200`, [flag])));
  }
}
