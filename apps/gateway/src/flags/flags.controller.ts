import { Answers, installationId } from '@crossdock/contracts';
import { flagChangeSchema, flags, FlagStore, type FlagChange } from '@crossdock/feature-flags';
import { Operator, type Actor } from '@crossdock/operations';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Put, Query } from '@nestjs/common';
import { z } from 'zod';

const reason = z.string().trim().min(1).max(500).describe('Why, for whoever looks at the changes.');
/** @public */
export const rollOutSchema = z.strictObject({ percentage: z.int().min(0).max(100).describe('For how many of a hundred tenants it is on. A tenant stays in while it grows.'), reason });
/** @public */
export const tenantFlagSchema = z.strictObject({ isOn: z.boolean(), reason });
/** @public */
export const takeBackSchema = z.strictObject({ reason });

/** A flag, and what was said of it. */
const flagViewSchema = z.object({
  flag: z.string(),
  description: z.string(),
  isOnByDefault: z.boolean(),
  percentage: z.int().nullable().describe('For how many of a hundred tenants it is on; null where nobody said.'),
  tenants: z.array(z.object({
    tenantId: z.uuid(),
    isOn: z.boolean(),
  })).readonly().describe('What was said of single tenants, which goes before that.'),
}).meta({ id: 'FeatureFlag' });
type FlagView = z.infer<typeof flagViewSchema>;

/** What is rolled out to some tenants, or taken back, for operators. A change holds everywhere within seconds. */
@Controller('v1/operations/flags')
export class FlagsController {
  constructor(private readonly store: FlagStore) {}

  /** Every flag, with what was said of it. */
  @RequireOperatorScope('operations:read')
  @Get()
  @Answers(z.object({ items: z.array(flagViewSchema) }))
  async list(): Promise<{ readonly items: readonly FlagView[] }> {
    const rules = await this.store.list();
    return {
      items: Object.entries(flags).map(([flag, definition]) => {
        const own = rules.filter((rule) => rule.flag === flag);
        return {
          flag, ...definition, percentage: own.find(({ tenantId }) => tenantId === installationId)?.percentage ?? null,
          tenants: own.filter(({ tenantId }) => tenantId !== installationId).map(({ tenantId, percentage }) => ({ tenantId, isOn: percentage > 0 })),
        };
      }),
    };
  }

  /** Who changed a flag, and why: the last 200 times, newest first. */
  @RequireOperatorScope('operations:read')
  @Get(':flag/changes')
  @Answers(z.object({ items: z.array(flagChangeSchema) }))
  async changes(@Param('flag') flag: string): Promise<{ readonly items: readonly FlagChange[] }> {
    return { items: await this.store.changes(known(flag)) };
  }

  /** Rolls a flag out to a share of all tenants, or back. */
  @RequireOperatorScope('operations:write')
  @Put(':flag')
  @HttpCode(204)
  async rollOut(@Param('flag') flag: string, @Body() body: unknown, @Operator() actor: Actor): Promise<void> {
    const { percentage, reason: why } = rollOutSchema.parse(body);
    await this.store.change({ flag: known(flag), tenantId: installationId, percentage, reason: why, changedBy: nameOf(actor) });
  }

  /** Switches a flag on or off for one tenant, whatever the share is. */
  @RequireOperatorScope('operations:write')
  @Put(':flag/tenants/:tenantId')
  @HttpCode(204)
  async switch(@Param('flag') flag: string, @Param('tenantId', ParseUUIDPipe) tenantId: string, @Body() body: unknown, @Operator() actor: Actor): Promise<void> {
    const { isOn, reason: why } = tenantFlagSchema.parse(body);
    await this.store.change({ flag: known(flag), tenantId, percentage: isOn ? 100 : 0, reason: why, changedBy: nameOf(actor) });
  }

  /** Takes back what was said of one tenant: the share counts for it again. */
  @RequireOperatorScope('operations:write')
  @Delete(':flag/tenants/:tenantId')
  @HttpCode(204)
  async takeBack(@Param('flag') flag: string, @Param('tenantId', ParseUUIDPipe) tenantId: string, @Query() query: unknown, @Operator() actor: Actor): Promise<void> {
    const { reason: why } = takeBackSchema.parse(query);
    await this.store.change({ flag: known(flag), tenantId, percentage: null, reason: why, changedBy: nameOf(actor) });
  }
}

function known(flag: string): string {
  if (!(flag in flags)) throw new NotFoundException(`There is no flag ${flag}.`);
  return flag;
}

function nameOf({ client, onBehalfOf }: Actor): string {
  return onBehalfOf ?? client;
}
