import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { consentSchema } from '../authorization/consent.ts';
import type { OpenIdSandbox } from '../openid/openid.sandbox.ts';
import { read } from '../request-bodies.ts';
import { VendorRefusal, vendors } from '../vendor-refusal.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { controlRefusal } from './control-refusal.ts';
import { faultSchema } from './fault.schema.ts';

export interface ControlAccess {
  token: string | null;
  loopbackOnly: boolean;
}

interface ControlParts {
  stands: VendorSandbox[];
  openId: OpenIdSandbox;
  deliveries: WebhookDeliveries;
  access: ControlAccess;
}

const deliveriesSchema = z.object({ vendor: z.enum(vendors).optional(), account: z.string().optional() });
const refuse = (path: string, message: string): VendorRefusal => controlRefusal(400, message, path);

/** What the demo, the tests and people use to play the vendors' side of the story. */
export function registerControl(scope: FastifyInstance, { stands, openId, deliveries, access }: ControlParts): void {
  guard(scope, access);
  scope.setErrorHandler<Error & { statusCode?: number }>(async (error, request, reply) => {
    if (error instanceof VendorRefusal) return await reply.code(error.status).send(error.body);
    if ((error.statusCode ?? 500) >= 500) request.log.error(error);
    return await reply.code(error.statusCode ?? 500).send({ error: error.message });
  });

  scope.get('/deliveries', async (request) => {
    const filter = read(deliveriesSchema, request.query, refuse);
    return { pending: deliveries.pending(), deliveries: deliveries.list(filter) };
  });

  scope.post<{ Params: { id: string } }>('/deliveries/:id/redeliver', async (request) => {
    const delivery = await deliveries.redeliver(request.params.id);
    if (delivery === null) throw controlRefusal(404, `There is no delivery ${request.params.id}.`);
    return delivery;
  });

  scope.post('/reset', async (_request, reply) => {
    for (const stand of stands) stand.clear();
    openId.clear();
    deliveries.clear();
    return await reply.code(204).send();
  });

  void scope.register(async (openIdScope) => { openId.registerControl(openIdScope); }, { prefix: openId.prefix });
  for (const stand of stands) {
    void scope.register(
      async (vendorScope) => {
        stand.registerControl(vendorScope);
        registerVendorControl(vendorScope, stand);
      },
      { prefix: `/${stand.vendor}` },
    );
  }
}

function registerVendorControl(scope: FastifyInstance, stand: VendorSandbox): void {
  scope.get('/writes', async () => stand.writes.report());

  scope.post('/faults', async (request, reply) => {
    const fault = read(faultSchema, request.body, refuse);
    if ('pathPattern' in fault) {
      if (!isPattern(fault.pathPattern)) throw controlRefusal(400, 'is not a regular expression', 'pathPattern');
      if (fault.account !== undefined && !stand.faults.tellsAccounts) throw controlRefusal(400, `cannot be told from a call to ${stand.vendor}`, 'account');
      stand.faults.add(fault);
    } else if (!stand.spoilTokens(fault.kind, fault.account)) {
      throw controlRefusal(400, `${stand.vendor} has nothing that ${fault.kind} could spoil.`, 'kind');
    }
    return await reply.code(201).send(fault);
  });

  scope.put('/consent', async (request, reply) => {
    stand.consent.change(read(consentSchema, request.body ?? {}, refuse));
    return await reply.code(204).send();
  });

  scope.delete('/faults', async (_request, reply) => {
    stand.faults.clear();
    return await reply.code(204).send();
  });
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Beyond loopback nobody gets in without the token; with a token set, nobody anywhere does. */
function guard(scope: FastifyInstance, access: ControlAccess): void {
  scope.addHook('onRequest', async (request) => {
    if (access.token === null) {
      if (access.loopbackOnly) return;
      throw controlRefusal(403, 'The control API is closed: the sandbox listens beyond loopback; set SANDBOX_CONTROL_TOKEN.');
    }
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [known, offered] = [access.token, given].map((text) => createHash('sha256').update(text).digest());
    if (known === undefined || offered === undefined || !timingSafeEqual(known, offered)) {
      throw controlRefusal(401, 'The control API asks for its token as `Authorization: Bearer …`.');
    }
  });
}
