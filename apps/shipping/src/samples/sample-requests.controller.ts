import { postalAddressSchema, sampleSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { SampleRequests } from './sample-requests.service.ts';
import type { SampleRequest } from './sample-request.repository.ts';

/** @public */
export const querySchema = z.strictObject({ state: z.enum(['needs_recipient', 'refused', 'shipping', 'withdrawn']).optional() });
/** @public */
export const recipientSchema = z.strictObject({ to: postalAddressSchema.strict(), contactEmail: sampleSchema.shape.contactEmail });

/** Samples that deals in a CRM asked for; times are ISO 8601 in UTC with milliseconds. */
@Controller('v1/sample-requests')
export class SampleRequestsController {
  readonly #requests: SampleRequests;

  constructor(requests: SampleRequests) {
    this.#requests = requests;
  }

  /** Those that changed last, at most 100; by their state where one is named. */
  @Get()
  @RequireScope('shipments:read')
  async list(@Query() query: unknown): Promise<{ readonly requests: readonly SampleRequest[] }> {
    return { requests: await this.#requests.list(querySchema.parse(query).state) };
  }

  /** Says where a sample goes that waits for that, or that was refused, and sends it. */
  @Put(':id/recipient')
  @RequireScope('shipments:write')
  async complete(@Param('id') id: string, @Body() body: unknown): Promise<SampleRequest> {
    return this.#requests.complete(z.uuid().parse(id), recipientSchema.parse(body));
  }
}
