import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { storeRates } from './currency-rates.ts';

const codeSchema = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code');
const rateSchema = z.strictObject({
  currency: codeSchema,
  base: codeSchema,
  day: z.iso.date(),
  /** How many units of `base` one unit of `currency` is worth, as a decimal number. */
  rate: z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal number such as "1.0835"').refine((rate) => Number(rate) > 0, 'must be above 0'),
}).refine(({ currency, base }) => currency !== base, { path: ['base'], message: 'must be another currency' });
/** @public */
export const bodySchema = z.strictObject({
  rates: z.array(rateSchema).min(1).max(5_000).refine(
    (rates) => new Set(rates.map(({ currency, base, day }) => `${currency}/${base}/${day}`)).size === rates.length, 'names a currency twice for one day'),
});

const latestRateSchema = z.object({ currency: z.string(), base: z.string(), day: z.iso.date(), rate: z.string().describe('How many units of `base` one unit of `currency` is worth, as a decimal number.') });

/** A tenant's exchange rates, by day. A rate holds until the next one, for 31 days at most. */
@Controller('v1/attribution/rates')
@RequireScope('attribution:read')
export class RatesController {
  constructor(private readonly database: TenantDatabase) {}

  /** The latest rate of each pair of currencies. */
  @Get()
  @Answers(z.object({ latest: z.array(latestRateSchema.meta({ id: 'ExchangeRate' })) }))
  list(): Promise<{ latest: Array<z.infer<typeof latestRateSchema>> }> {
    const { tenantId } = tenantContext.require();
    return this.database.transaction(tenantId, async (manager) => ({
      latest: z.array(latestRateSchema).parse(await manager.query(
        `SELECT DISTINCT ON (currency, base) currency, base, to_char(day, 'YYYY-MM-DD') AS day, rate::text AS rate FROM currency_rate
         WHERE tenant_id = $1 ORDER BY currency, base, currency_rate.day DESC`, [tenantId])),
    }));
  }

  /** Takes up to 5,000 rates, all or none; one told for a day before is replaced. */
  @RequireScope('attribution:write')
  @Put()
  @Answers(z.object({ stored: z.int() }))
  async store(@Body() body: unknown): Promise<{ stored: number }> {
    const { rates } = bodySchema.parse(body);
    await this.database.transaction(tenantContext.require().tenantId, (manager) => storeRates(manager, rates));
    return { stored: rates.length };
  }
}
