import { CallerResolver, toldClientAddress } from '@crossdock/service-tokens';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SignOnLimit } from './sign-on-limit.ts';
import { busyReply } from './sign-on-pages.ts';
import { answer } from './sign-on-reply.ts';

/** Pages for people of whom nothing is known yet. What a signed-on person's page asks for is not counted. */
const openPages = /^\/sign-on\/(start|arrive|begin|find|providers|callback)\b/;

/**
 * Answers an address that asks for too many pages of sign-on with one that says so, before anything is looked up for it. Where the gateway hands a request on, the address is the one that
 * it names (docs/decisions/0028).
 */
export function limitOpenPages(app: NestFastifyApplication): void {
  const [limit, callers] = [app.get(SignOnLimit), app.get(CallerResolver)];
  app.getHttpAdapter().getInstance().addHook('onRequest', async (request, reply) => {
    if (!openPages.test(request.url)) return;
    const restSeconds = await limit.ofAddress(await toldClientAddress(request, callers) ?? request.ip);
    if (restSeconds !== undefined) await answer(reply, busyReply(restSeconds));
  });
}
