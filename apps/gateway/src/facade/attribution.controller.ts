import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { InternalClient } from './internal-client.ts';

/** Which samples brought which revenue, as the attribution service tells it. */
@RequireScope('attribution:read')
@Controller('v1/attribution')
export class AttributionController {
  constructor(private readonly internal: InternalClient) {}

  @Get('samples/:shipmentId')
  sample(@Param('shipmentId', ParseUUIDPipe) shipmentId: string): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/samples/${shipmentId}` });
  }

  @Get('deals/:dealId')
  deal(@Param('dealId') dealId: string): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/deals/${encodeURIComponent(dealId)}` });
  }
}
