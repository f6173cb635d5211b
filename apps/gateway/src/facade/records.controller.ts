import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { Body, Controller, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { crmObjectSchema } from '@crossdock/contracts';
import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { personalPlaces, textShownTo } from '../callers/personal-data.ts';
import { CrmAccounts } from './crm-accounts.ts';
import { isAway, JsonText } from './internal-client.ts';
import { questionOf, RecentAnswers, type RecentAnswer } from './recent-answers.ts';

/** @public */
export const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });
/** @public */
export const searchQuerySchema = z.strictObject({
  maxAgeSeconds: z.coerce.number().int().min(0).max(600).default(0).describe('How old an answer may be, in seconds; 0 asks the account itself.'),
});

const answerSchema = z.record(z.string(), z.unknown());

/** The records of a CRM account, as they are there at this moment. */
@Controller('v1/connections/:id/records/:object')
export class RecordsController {
  constructor(private readonly accounts: CrmAccounts, private readonly recent: RecentAnswers) {}

  /**
   * At most 100 records whose `field` (by its canonical name) has one of `values`. When the account does not answer within a second, the last answer of the
   * last ten minutes is given with `stale: true`, `asOf` and an `Age` header; 503 where there is none. Of contacts, names, addresses, numbers and the tenant’s own fields are left out without the scope `personal:read`.
   */
  @RequireScope('records:read')
  @ChangesNothing()
  @Post('search')
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  async search(@Param() path: unknown, @Query() query: unknown, @Body() body: unknown, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { id, object } = pathSchema.parse(path);
    const { maxAgeSeconds } = searchQuerySchema.parse(query);
    const shown = (text: string): string => (object === 'contact' ? textShownTo(caller, text, personalPlaces.contactRecord) : text);
    const asked = new JsonText(JSON.stringify(body ?? {}));
    const question = questionOf(caller.tenantId, [id, object, asked.text]);
    const known = maxAgeSeconds === 0 ? undefined : this.recent.find(question, maxAgeSeconds * 1_000);
    if (known) return shown(tell(known, reply, {}));
    try {
      const answer = await this.accounts.text(id, { method: 'POST', path: `records/${object}/search`, body: asked, asksVendor: true });
      this.recent.keep(question, answer);
      return shown(answer);
    } catch (thrown) {
      const last = isAway(thrown) ? this.recent.find(question, Infinity) : undefined;
      if (!last) throw thrown;
      return shown(tell(last, reply, { stale: true }));
    }
  }
}

/** An answer that was given before, with its age. */
function tell({ answer, atMs }: RecentAnswer, reply: FastifyReply, mark: { readonly stale?: true }): string {
  void reply.header('age', String(Math.floor((Date.now() - atMs) / 1_000)));
  return JSON.stringify({ ...answerSchema.parse(JSON.parse(answer)), ...mark, asOf: new Date(atMs).toISOString() });
}
