import { healthReportSchema } from '@crossdock/connections';
import { timestampSchema, type Vendor } from '@crossdock/contracts';
import { RateBudgets, type LimitUsage, type VendorLimits } from '@crossdock/rate-budgets';
import { dynamicsVendorLimits } from '@crossdock/vendor-dynamics';
import { hubSpotRateLimits } from '@crossdock/vendor-hubspot';
import { pipedriveVendorLimits } from '@crossdock/vendor-pipedrive';
import { salesforceRateLimits } from '@crossdock/vendor-salesforce';
import { shippoRateLimits } from '@crossdock/vendor-shippo';
import { woocommerceRateLimits } from '@crossdock/vendor-woocommerce';
import { zohoVendorLimits } from '@crossdock/vendor-zoho';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ConnectionView } from './connection-view.ts';

/** How much of one limit of an account is used, as callers see it. */
const limitUsageSchema = z.object({
  name: z.string().describe('Of the limit, unique within the vendor, such as `ten-seconds` or `search`.'),
  kind: z.enum(['rolling', 'fixed', 'slots']).describe('`rolling`: so much in any stretch of time of this length; `fixed`: until the vendor’s clock begins a new window; `slots`: so many calls at once.'),
  unit: z.enum(['calls', 'tokens', 'credits', 'milliseconds']).describe('What is counted; milliseconds are those of the vendor’s work on calls.'),
  windowSeconds: z.number().positive().exactOptional().describe('Length of the window; absent for `slots`.'),
  granted: z.int().min(1).describe('What the vendor’s answers said that it grants, else what its documents say of the smallest account.'),
  used: z.int().min(0).describe('By all services of the hub, and by others as far as the vendor tells of them; 0 also where nothing was counted yet.'),
  renewsAt: timestampSchema.exactOptional().describe('When all that is used now has come back, bit by bit until then in a `rolling` window. Absent where nothing is used, and for `slots`.'),
  pausedUntil: timestampSchema.exactOptional().describe('Until when the vendor asked for no further call.'),
}).meta({ id: 'LimitUsage' });
export type LimitUsageView = z.infer<typeof limitUsageSchema>;

/** How a connection stands, with what is used of its account's limits. */
export const connectionHealthSchema = healthReportSchema.extend({
  budget: z.array(limitUsageSchema).exactOptional().describe('What is used of each limit that the vendor has for the account. Absent while the counts cannot be read.'),
}).meta({ id: 'ConnectionHealth' });
export type ConnectionHealthView = z.infer<typeof connectionHealthSchema>;

const limitsOf: Readonly<Record<Vendor, VendorLimits>> = {
  dynamics: dynamicsVendorLimits, hubspot: hubSpotRateLimits, pipedrive: pipedriveVendorLimits, salesforce: salesforceRateLimits,
  shippo: shippoRateLimits, woocommerce: woocommerceRateLimits, zoho: zohoVendorLimits,
};

/** What is used of the limits of the tenant's accounts, counted over all services. */
@Injectable()
export class ConnectionBudgets {
  constructor(private readonly budgets: RateBudgets) {}

  /** @returns undefined while the counts cannot be read. */
  async of({ id, vendor, settings }: Pick<ConnectionView, 'id' | 'vendor' | 'settings'>): Promise<LimitUsageView[] | undefined> {
    const { tenantId } = tenantContext.require();
    return (await this.budgets.usage({ tenantId, connectionId: id, limits: limitsOf[vendor], settings }))?.map(toView);
  }
}

function toView({ lengthMs, renewsAt, pausedUntil, ...usage }: LimitUsage): LimitUsageView {
  return {
    ...usage,
    ...(lengthMs !== undefined && { windowSeconds: lengthMs / 1_000 }),
    ...(renewsAt && { renewsAt: renewsAt.toISOString() }),
    ...(pausedUntil && { pausedUntil: pausedUntil.toISOString() }),
  };
}
