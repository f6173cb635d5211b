import { Failure, timestampSchema } from '@crossdock/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { claimResults } from '../credit/crediting.ts';
import { Backfill } from './backfill.job.ts';
import { rulesOf, type AttributionSettings } from './settings.ts';
import { currentSettings, insertSettings, rulesSchema, setSettingsState, type SettingsVersion } from './settings.repository.ts';

/** What holds, and what is on its way to hold. */
export const shownSettingsSchema = z.object({
  version: z.int(),
  settings: rulesSchema.shape.settings,
  savedBy: z.string(),
  savedAt: timestampSchema.optional(),
  building: z.object({
    version: z.int(),
    settings: rulesSchema.shape.settings,
    jobId: z.uuid().optional(),
  }).exactOptional().describe('Settings that hold once their results have been worked out by this job.'),
}).meta({ id: 'AttributionSettings' });
export type ShownSettings = z.infer<typeof shownSettingsSchema>;

export const settingsChangeSchema = z.union([z.object({
  outcome: z.literal('saved'),
  settings: shownSettingsSchema,
}), z.object({
  outcome: z.literal('overtaken'),
  version: z.int(),
})]);
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** Changes a tenant's settings in versions: the last one that was saved is the one to be seen before another change. */
@Injectable()
export class SettingsChanges {
  constructor(private readonly backfill: Backfill) {}

  /**
   * Saves settings. Where they bear on results, a job works these out and then the settings hold; otherwise they hold at once. Settings
   * that were still being worked out give way.
   * @param seen the version that the caller has seen, the one on its way where there is one
   */
  async save(manager: EntityManager, { settings, seen, savedBy }: { readonly settings: AttributionSettings; readonly seen: number; readonly savedBy: string }): Promise<SettingsChange> {
    claimResults(manager);
    const { live, building } = await currentSettings(manager);
    const last = building ?? live;
    if (seen !== last.version) return { outcome: 'overtaken', version: last.version };
    if (building) {
      await setSettingsState(manager, building.version, 'abandoned');
      if (building.jobId !== undefined) await this.backfill.cancel(manager, building.jobId);
    }
    if (rulesOf(settings) === rulesOf(live.settings)) {
      await setSettingsState(manager, live.version, 'superseded');
      await insertSettings(manager, { settings, savedBy, state: 'live', rulesVersion: live.rulesVersion, jobId: undefined });
    } else {
      const version = await insertSettings(manager, { settings, savedBy, state: 'building', rulesVersion: undefined, jobId: undefined });
      const jobId = await this.backfill.start(manager, version);
      await noteJob(manager, version, jobId);
    }
    return { outcome: 'saved', settings: await readSettings(manager) };
  }
}

/** What is shown of a tenant's settings. */
export async function readSettings(manager: EntityManager): Promise<ShownSettings> {
  const { live, building } = await currentSettings(manager);
  return { ...shownOf(live), ...(building && { building: { version: building.version, settings: building.settings, jobId: building.jobId } }) };
}

function shownOf({ version, settings, savedBy, savedAt }: SettingsVersion): Omit<ShownSettings, 'building'> {
  return { version, settings, savedBy, savedAt };
}

async function noteJob(manager: EntityManager, version: number, jobId: string): Promise<void> {
  const [, noted] = await manager.query<[unknown[], number]>('UPDATE attribution_settings SET job_id = $2 WHERE version = $1', [version, jobId]);
  if (noted !== 1) throw new Failure('unexpected', `Version ${version} of the settings was to be there.`);
}
