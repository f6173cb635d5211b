import { Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessRuleKey, CallerAdmission, callerOf, CallerResolver, scopeOf, type AccessRule, type Caller } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdmittedCallers } from '../callers/admitted-callers.ts';
import { holdToQuota } from '../requests/caller-quota.admission.ts';
import { CallerQuota } from '../requests/caller-quota.ts';
import { RecordsController } from './records.controller.ts';

const lookUpRoute = '/v1/connections/:id/records/:object/search';

/**
 * Answers look-ups, which somebody waits for, before Nest's guards and interceptors, which take as long as all the rest together (docs/performance/gateway.md). The
 * rule is the controller's, and caller, tenant and quota are found out and held by the same code. What is thrown meets Nest's exception filter. A look-up with an
 * idempotency key goes the usual way.
 */
export function answerLookUpsDirectly(app: NestFastifyApplication): void {
  const [records, quota, admission, admitted] = [app.get(RecordsController), app.get(CallerQuota), new CallerAdmission(app.get(CallerResolver)), new AdmittedCallers()];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is not called: the rule that its decorator left there is read.
  const rule = app.get(Reflector).get<AccessRule>(accessRuleKey, RecordsController.prototype.search);

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const key = admitted.keyOf(request);
    const caller = admitted.find(key) ?? await admit(request, reply, key);
    const held = holdToQuota(quota, caller, reply);
    if (held) await held;
    const text = await tenantContext.run(scopeOf(request, caller), () => records.search(request.params, request.query, request.body, caller, reply));
    void reply.status(200).header('content-type', 'application/json; charset=utf-8').send(text);
  }

  async function admit(request: FastifyRequest, reply: FastifyReply, key: string): Promise<Caller> {
    await admission.admit(rule, request, reply);
    const caller = callerOf(request);
    if (!caller) throw new Error('A look-up is for a tenant.');
    admitted.keep(key, caller);
    return caller;
  }

  app.getHttpAdapter().getInstance().addHook('preHandler', (request, reply, done) => {
    const isLookUp = request.routeOptions.url === lookUpRoute && request.method === 'POST' && request.headers['idempotency-key'] === undefined;
    if (isLookUp) answer(request, reply).catch(done);
    else done();
  });
}
