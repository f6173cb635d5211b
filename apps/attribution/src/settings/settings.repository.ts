import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { timestampSchema } from '@crossdock/contracts';
import { defaultSettings, settingsSchema } from './settings.ts';

/** What results are worked out by, and under which number they are kept. */
export const rulesSchema = z.object({ rulesVersion: z.int(), settings: settingsSchema.meta({ id: 'AttributionRules' }) });
export type Rules = z.infer<typeof rulesSchema>;

export const settingsVersionSchema = rulesSchema.extend({
  version: z.int(),
  state: z.enum(['building', 'live', 'superseded', 'abandoned']),
  savedBy: z.string(),
  savedAt: timestampSchema.optional(),
  jobId: z.uuid().optional().describe('The job that works results out by them.'),
}).meta({ id: 'AttributionSettingsVersion' });
export type SettingsVersion = z.infer<typeof settingsVersionSchema>;

const rowSchema = z.object({
  version: z.int(), rules_version: z.int(), settings: settingsSchema, state: z.enum(['building', 'live', 'superseded', 'abandoned']),
  saved_by: z.string(), saved_at: z.date(), job_id: z.uuid().nullable(),
});

/** What holds where nothing was ever saved. */
const builtIn: SettingsVersion = {
  version: 0, rulesVersion: 0, settings: defaultSettings, state: 'live', savedBy: 'built in', savedAt: undefined, jobId: undefined,
};

/** What results are to be worked out by. */
export interface CurrentSettings {
  readonly live: SettingsVersion;
  readonly building: SettingsVersion | undefined;
}

const isCurrent = `state IN ('live', 'building')`;

/** The version that holds, and the one that results are being worked out by, where there is one. */
export async function currentSettings(manager: EntityManager): Promise<CurrentSettings> {
  return currentOf(await readVersions(manager, isCurrent));
}

function currentOf(versions: readonly SettingsVersion[]): CurrentSettings {
  return { live: versions.find(({ state }) => state === 'live') ?? builtIn, building: versions.find(({ state }) => state === 'building') };
}

/** All that were ever saved, the latest first. */
export function listVersions(manager: EntityManager): Promise<SettingsVersion[]> {
  return readVersions(manager, 'true');
}

async function readVersions(manager: EntityManager, condition: string): Promise<SettingsVersion[]> {
  const rows = z.array(rowSchema).parse(await manager.query(
    `SELECT ${columns} FROM attribution_settings WHERE tenant_id = $1 AND ${condition} ORDER BY version DESC`, [tenantContext.require().tenantId]));
  return rows.map(versionOf);
}

const columns = 'version, rules_version, settings, state, saved_by, saved_at, job_id';

function versionOf({ version, rules_version: rulesVersion, settings, state, saved_by: savedBy, saved_at: savedAt, job_id: jobId }: z.infer<typeof rowSchema>): SettingsVersion {
  return { version, rulesVersion, settings, state, savedBy, savedAt: savedAt.toISOString(), jobId: jobId ?? undefined };
}

/** @param version.rulesVersion its own version where left out @returns its version. */
export async function insertSettings(
  manager: EntityManager, { settings, savedBy, state, rulesVersion, jobId }: Pick<SettingsVersion, 'settings' | 'savedBy' | 'state' | 'jobId'> & { readonly rulesVersion: number | undefined },
): Promise<number> {
  const [row] = await manager.query<Array<{ version: number }>>(
    `INSERT INTO attribution_settings (tenant_id, version, rules_version, settings, saved_by, state, job_id)
     SELECT $1, next.version, coalesce($2, next.version), $3, $4, $5, $6
     FROM (SELECT coalesce(max(version), 0) + 1 AS version FROM attribution_settings WHERE tenant_id = $1) AS next RETURNING version`,
    [tenantContext.require().tenantId, rulesVersion ?? null, JSON.stringify(settings), savedBy, state, jobId ?? null]);
  return row?.version ?? 0;
}

export async function setSettingsState(manager: EntityManager, version: number, state: SettingsVersion['state']): Promise<void> {
  await manager.query('UPDATE attribution_settings SET state = $3 WHERE tenant_id = $1 AND version = $2', [tenantContext.require().tenantId, version, state]);
}

/** The number of the tenant's data as they are, which grows with each change that results are brought up to, and what they are brought up by. */
export async function nextDataVersion(manager: EntityManager): Promise<CurrentSettings & { readonly dataVersion: number }> {
  const rows = await manager.query<Array<{ data_version: string; version: number | null }>>(
    `WITH next AS (
       INSERT INTO data_version (tenant_id, version, changed_at) VALUES ($1, 1, now())
       ON CONFLICT (tenant_id) DO UPDATE SET version = data_version.version + 1, changed_at = excluded.changed_at RETURNING version AS data_version)
     SELECT data_version, ${columns} FROM next LEFT JOIN attribution_settings ON tenant_id = $1 AND ${isCurrent}`,
    [tenantContext.require().tenantId]);
  const saved = z.array(rowSchema).parse(rows.filter(({ version }) => version !== null));
  return { ...currentOf(saved.map(versionOf)), dataVersion: Number(rows.at(0)?.data_version ?? 0) };
}

export async function readDataVersion(manager: EntityManager): Promise<{ version: number; changedAt: string | undefined }> {
  const [row] = await manager.query<Array<{ version: string; changed_at: Date }>>(
    'SELECT version, changed_at FROM data_version WHERE tenant_id = $1', [tenantContext.require().tenantId]);
  return { version: Number(row?.version ?? 0), changedAt: row?.changed_at.toISOString() };
}
