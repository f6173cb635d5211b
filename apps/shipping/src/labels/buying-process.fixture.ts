/* A process of its own that buys labels; `label-purchase-crash.it.spec.ts` starts and kills it. */
import { OutboundHttp } from '@crossdock/outbound-http';
import { createLogger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { assembleShipping } from '../shipping-world.fixture.ts';
import { shippingEntities } from '../shipping.module.ts';

const orderSchema = z.object({
  url: z.string(), vaultKeys: z.string(), shippoUrl: z.string(),
  times: z.object({ purchaseSettlesMs: z.int(), parcelIsQuietMs: z.int(), refundLookMs: z.int() }),
});

const { url, ...order } = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const pool = await new DataSource({
  type: 'postgres', url, poolSize: 4, entities: shippingEntities, extra: { pipeline: true, options: '-c search_path=shipping' },
}).initialize();
const http = new OutboundHttp({ metrics: new Registry(), logger: createLogger('shipping', 'fatal'), allowPrivateNetworks: true });
assembleShipping({ ...order, database: new TenantDatabase(pool), http }).worker.start();
