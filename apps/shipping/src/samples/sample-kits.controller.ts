import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { z } from 'zod';
import { SampleFollowing } from './sample-following.ts';
import { changeStock, keepKit, listKits, requireKit, sampleKitSchema, sampleKitViewSchema, skuSchema, stockChangeSchema, type SampleKitView } from './sample-kit.ts';

/** The tenant's sample kits and how many of each lie in the stock. */
@Controller('v1/sample-kits')
export class SampleKitsController {
  readonly #database: TenantDatabase;
  readonly #following: SampleFollowing;

  constructor(database: TenantDatabase, following: SampleFollowing) {
    this.#database = database;
    this.#following = following;
  }

  @Get()
  @RequireScope('shipments:read')
  @Answers(z.object({ kits: z.array(sampleKitViewSchema) }))
  async list(): Promise<{ readonly kits: readonly SampleKitView[] }> {
    return { kits: await this.#database.transaction(tenantContext.require().tenantId, listKits) };
  }

  @Get(':sku')
  @RequireScope('shipments:read')
  @Answers(sampleKitViewSchema)
  async read(@Param('sku') sku: string): Promise<SampleKitView> {
    return this.#database.transaction(tenantContext.require().tenantId, (manager) => requireKit(manager, skuSchema.parse(sku)));
  }

  /** Makes a kit known or changes it; its stock stays as it is. From then on deals of the tenant's CRM accounts are looked at for requests. */
  @Put(':sku')
  @RequireScope('shipments:write')
  @Answers(sampleKitViewSchema)
  async keep(@Param('sku') sku: string, @Body() body: unknown): Promise<SampleKitView> {
    const { tenantId } = tenantContext.require();
    const kit = sampleKitSchema.parse(body);
    return this.#database.transaction(tenantId, async (manager) => {
      await this.#following.followAll(manager);
      return keepKit(manager, tenantId, skuSchema.parse(sku), kit);
    });
  }

  /** Kits that came in, or that are missing. Kits that are put aside for shipments are not taken out. */
  @Post(':sku/stock')
  @HttpCode(200)
  @RequireScope('shipments:write')
  @Answers(sampleKitViewSchema)
  async changeStock(@Param('sku') sku: string, @Body() body: unknown): Promise<SampleKitView> {
    const { change } = stockChangeSchema.parse(body);
    return this.#database.transaction(tenantContext.require().tenantId, (manager) => changeStock(manager, skuSchema.parse(sku), change));
  }
}
