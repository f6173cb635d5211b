/* A process of its own that renews a connection's tokens against the sandbox; `renewing-process.it.spec.ts` starts it. */
import { createInterface } from 'node:readline';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { TenantDatabase } from '@crossdock/tenancy';
import { SalesforceAuthorisation } from '@crossdock/vendor-salesforce';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ConnectionHealth } from '../health/connection-health.ts';
import { ConnectionStore } from '../connection-store.ts';
import { CredentialVault } from '../vault/credential-vault.ts';
import { VaultKeys } from '../vault/vault-keys.ts';
import { AccessTokens } from './access-tokens.ts';

const orderSchema = z.object({
  url: z.string(), vaultKeys: z.string(), tenantId: z.uuid(), connectionId: z.uuid(), refusedToken: z.string(),
  callers: z.int(), renewalTimeoutMs: z.int(),
  /** Says that the vendor has answered and goes no further: the parent kills it there. */
  stopsAfterAnswer: z.boolean(),
  salesforce: z.object({
    salesforceLoginUrl: z.string(), salesforceSandboxLoginUrl: z.string(), salesforceMyDomainUrl: z.string(),
    salesforceClientId: z.string(), salesforceClientSecret: z.string(),
  }),
});

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const pool = await new DataSource({
  type: 'postgres', url: order.url, poolSize: 4, extra: { pipeline: true, options: '-c search_path=gateway' },
}).initialize();
const database = new TenantDatabase(pool);
const vault = new CredentialVault(database, VaultKeys.parse(order.vaultKeys));
const store = new ConnectionStore(database, vault);
const health = new ConnectionHealth(database, new EventPublisher('gateway', () => undefined), 'gateway');
const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
const salesforce = new SalesforceAuthorisation(http, order.salesforce);
let vendorCalls = 0;
const tokens = new AccessTokens({
  database, store, vault, health, metrics: new Registry(), renewalTimeoutMs: order.renewalTimeoutMs,
  refreshers: {
    salesforce: {
      refresh: async (connection, refreshToken, signal) => {
        vendorCalls += 1;
        const answer = await salesforce.refresh(connection, refreshToken, signal);
        if (!order.stopsAfterAnswer) return answer;
        say({ answered: true });
        return new Promise<never>(() => undefined);
      },
    },
  },
});

const connection = await store.find(order.tenantId, order.connectionId);
if (!connection) throw new Error('There is no such connection.');
say({ ready: true });
for await (const _ of createInterface({ input: process.stdin })) break;
const ends = await Promise.allSettled(Array.from({ length: order.callers }, () => tokens.refreshAfter401(connection, order.refusedToken)));
say({ vendorCalls, ends: ends.map((end) => (end.status === 'fulfilled' ? end.value : `failed: ${String(end.reason)}`)) });
await http.close();
await pool.destroy();
