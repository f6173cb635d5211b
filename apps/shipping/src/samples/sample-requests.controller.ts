import { Answers, postalAddressSchema, sampleSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { SampleRequests } from './sample-requests.service.ts';
import { sampleRequestStates } from './sample-request.repository.ts';
import { sampleRequestViewSchema, viewSampleRequest, type SampleRequestView } from './sample-request.view.ts';

/** @public */
export const querySchema = z.strictObject({ state: z.enum(sampleRequestStates).optional() });
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
  @Answers(z.object({ requests: z.array(sampleRequestViewSchema) }))
  async list(@Query() query: unknown): Promise<{ readonly requests: readonly SampleRequestView[] }> {
    return { requests: (await this.#requests.list(querySchema.parse(query).state)).map(viewSampleRequest) };
  }

  /** Says where a sample goes that waits for that, or that was refused, and sends it. */
  @Put(':id/recipient')
  @RequireScope('shipments:write')
  @Answers(sampleRequestViewSchema)
  async complete(@Param('id') id: string, @Body() body: unknown): Promise<SampleRequestView> {
    return viewSampleRequest(await this.#requests.complete(z.uuid().parse(id), recipientSchema.parse(body)));
  }
}
