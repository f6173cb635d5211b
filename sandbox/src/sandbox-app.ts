import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { registerControl, type ControlAccess } from './control/control.routes.ts';
import { DynamicsSandbox } from './dynamics/dynamics.sandbox.ts';
import { HubSpotSandbox } from './hubspot/hubspot.sandbox.ts';
import { OpenIdSandbox } from './openid/openid.sandbox.ts';
import { PipedriveSandbox } from './pipedrive/pipedrive.sandbox.ts';
import { acceptJsonAndForms } from './request-bodies.ts';
import { SalesforceSandbox } from './salesforce/salesforce.sandbox.ts';
import { ShippoSandbox } from './shippo/shippo.sandbox.ts';
import { VendorRefusal } from './vendor-refusal.ts';
import type { VendorSandbox } from './vendor-sandbox.ts';
import { WebhookDeliveries } from './webhooks/webhook-delivery.ts';
import { WooCommerceSandbox } from './woocommerce/woocommerce.sandbox.ts';
import { ZohoSandbox } from './zoho/zoho.sandbox.ts';

export interface SandboxAppOptions {
  access: ControlAccess;
  clockFactor: number;
  logger: FastifyBaseLogger | false;
}

/** All stand-ins and the control API in one server; state is in memory and lives as long as it. */
export function buildSandboxApp(options: SandboxAppOptions): FastifyInstance {
  const app = Fastify({
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger }),
    forceCloseConnections: true,
    bodyLimit: 16 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000 },
  });
  acceptJsonAndForms(app);
  const deliveries = new WebhookDeliveries(options.clockFactor);
  const stands: VendorSandbox[] = [
    new HubSpotSandbox(deliveries),
    new ShippoSandbox(deliveries),
    new WooCommerceSandbox(deliveries),
    new SalesforceSandbox(),
    new ZohoSandbox(deliveries),
    new PipedriveSandbox(deliveries, options.clockFactor),
    new DynamicsSandbox(deliveries),
  ];
  const openId = new OpenIdSandbox();
  void app.register(async (scope) => { openId.registerApi(scope); }, { prefix: openId.prefix });
  for (const stand of stands) {
    void app.register(
      async (scope) => {
        stand.faults.attach(scope);
        answerInVendorsWords(scope, stand);
        stand.registerApi(scope);
      },
      { prefix: `/${stand.vendor}` },
    );
  }
  void app.register(
    async (scope) => {
      registerControl(scope, { stands, openId, deliveries, access: options.access });
    },
    { prefix: '/control' },
  );
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => ({ status: 'ok' }));
  app.addHook('onClose', async () => {
    await deliveries.stop();
  });
  return app;
}

function answerInVendorsWords(scope: FastifyInstance, stand: VendorSandbox): void {
  scope.setErrorHandler<Error & { statusCode?: number }>(async (error, request, reply) => {
    if (error instanceof VendorRefusal) return await reply.code(error.status).headers(error.headers).send(error.body);
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const refusal = stand.faults.plainRefusal(status);
      return await reply.code(status).headers(refusal.headers).send(refusal.body);
    }
    request.log.error(error);
    // A fault of the stand-in itself must not pass for the vendor's.
    return await reply.code(500).send({ sandboxFault: error.message });
  });
}
