import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { requiredIdempotencyKey } from '../shipments/shipment-request.ts';
import { manifestQuerySchema, manifestRequestSchema } from './manifest.repository.ts';
import { ManifestTasks, manifestViewSchema, type ManifestView } from './manifest.tasks.ts';

/** The papers by which a carrier takes parcels over, where it asks for them. */
@Controller('v1/manifests')
export class ManifestsController {
  readonly #manifests: ManifestTasks;

  constructor(manifests: ManifestTasks) {
    this.#manifests = manifests;
  }

  /** Accepts a manifest: 202; it is made in the background. */
  @Post()
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(manifestViewSchema)
  async create(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ManifestView> {
    return this.#manifests.request(requiredIdempotencyKey(key), manifestRequestSchema.parse(body));
  }

  /** The newest manifests, made by themselves or asked for; `shippedOn` names one day. */
  @Get()
  @RequireScope('shipments:read')
  @Answers(z.object({ manifests: z.array(manifestViewSchema) }))
  async list(@Query() query: unknown): Promise<{ readonly manifests: readonly ManifestView[] }> {
    const { shippedOn } = manifestQuerySchema.parse(query);
    return { manifests: await this.#manifests.list(shippedOn) };
  }

  @Get(':id')
  @RequireScope('shipments:read')
  @Answers(manifestViewSchema)
  async read(@Param('id') id: string): Promise<ManifestView> {
    return this.#manifests.read(z.uuid().parse(id));
  }
}
