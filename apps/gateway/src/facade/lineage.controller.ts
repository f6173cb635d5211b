import { RequireScope } from '@crossdock/service-tokens';
import { Controller, Get, Query } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { lineageAnswerSchema, Lineages, type LineageAnswer } from './lineages.ts';

/** The whole way of a record through the hub. */
@RequireScope('lineage:read')
@Controller('v1/lineage')
export class LineageController {
  constructor(private readonly lineages: Lineages) {}

  /**
   * `record` (an id of an order, shipment, event or webhook, `tracking/<number>`, or `<vendor>/<contact|company|deal|order>/<id>`), `limit`, `cursor`: webhooks, events,
   * decisions and calls to vendors in the order of time, and what is waited for now.
   */
  @Get()
  @Answers(lineageAnswerSchema)
  lineage(@Query() query: unknown): Promise<LineageAnswer> {
    return this.lineages.of(query);
  }
}
