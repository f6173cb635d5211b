import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { readSettings, SettingsChanges, settingsChangeSchema, shownSettingsSchema, type SettingsChange, type ShownSettings } from './settings-changes.ts';
import { listVersions, settingsVersionSchema, type SettingsVersion } from './settings.repository.ts';
import { settingsSchema } from './settings.ts';

/** @public */
export const saveSchema = z.strictObject({ settings: settingsSchema, seen: z.int().min(0), savedBy: z.string().min(1).max(255) });

/** By which rules a tenant's revenue is credited. */
@Controller('v1/attribution/settings')
@RequireScope('attribution:read')
export class SettingsController {
  constructor(private readonly database: TenantDatabase, private readonly changes: SettingsChanges) {}

  /** The settings that hold, and those whose results are being worked out. */
  @Get()
  @Answers(shownSettingsSchema)
  read(): Promise<ShownSettings> {
    return this.database.transaction(tenantContext.require().tenantId, readSettings);
  }

  /** All that were ever saved, the latest first. */
  @Get('versions')
  @Answers(z.object({ items: z.array(settingsVersionSchema) }))
  versions(): Promise<{ items: SettingsVersion[] }> {
    return this.database.transaction(tenantContext.require().tenantId, async (manager) => ({ items: await listVersions(manager) }));
  }

  /** Saves settings as a new version; what is left out is as by default. */
  @RequireScope('attribution:write')
  @Put()
  @Answers(settingsChangeSchema)
  save(@Body() body: unknown): Promise<SettingsChange> {
    const wanted = saveSchema.parse(body);
    return this.database.transaction(tenantContext.require().tenantId, (manager) => this.changes.save(manager, wanted));
  }
}
