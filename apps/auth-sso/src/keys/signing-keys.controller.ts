import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { Operator, type Actor } from '@crossdock/operations';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { z } from 'zod';
import { keyViewSchema, SigningKeys, type KeyView } from './signing-keys.ts';

/** @public */
export const keyChangeSchema = z.strictObject({
  isLeaked: z.boolean().default(false).describe('Whether somebody else has the keys: all of them are withdrawn at once, and tokens that they signed with them.'),
  reason: z.string().trim().min(3).max(1_000).describe('Why, for the audit.'),
});
const keysSchema = z.object({ items: z.array(keyViewSchema) });

/** The keys that access tokens are signed with, for operators. */
@Controller('v1/operations/signing-keys')
export class SigningKeysController {
  constructor(private readonly keys: SigningKeys) {}

  /** The public side of all keys, oldest first. */
  @RequireOperatorScope('operations:read')
  @Get()
  @Answers(keysSchema)
  async list(): Promise<{ readonly items: readonly KeyView[] }> {
    await this.keys.read();
    return { items: this.keys.list() };
  }

  /** Has a new key take over: in an hour, when everybody has read it, or, where keys leaked, at once. */
  @RequireOperatorScope('operations:write')
  @Post()
  @HttpCode(202)
  @Answers(keysSchema)
  async change(@Body() body: unknown, @Operator() actor: Actor): Promise<{ readonly items: readonly KeyView[] }> {
    const { isLeaked, reason } = keyChangeSchema.parse(body);
    await (isLeaked ? this.keys.withdraw({ actor, reason }) : this.keys.exchange({ actor, reason }));
    return { items: this.keys.list() };
  }
}
