import type { Connection } from '@crossdock/connections';
import type { Capability, CapabilityReport } from '@crossdock/contracts';
import { Failure } from '@crossdock/contracts';
import { capabilityReport, type TokenSource } from '@crossdock/crm-connector';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import type { HubSpotApi } from './hubspot.api.ts';
import type { HubSpotApp } from './hubspot.app.ts';
import { hubSpotFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';
import { externalKeyProperty } from './hubspot.mapping.ts';
import { HubSpotProperties } from './hubspot.properties.ts';

/** Who asks what a token may do: the app itself, by its own secret. */
export type HubSpotClient = Pick<HubSpotApp, 'hubspotClientId' | 'hubspotClientSecret' | 'hubspotApiUrl'>;

export interface HubSpotProbe {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
  readonly api: HubSpotApi;
  readonly client: HubSpotClient;
}

const introspectionSchema = z.discriminatedUnion('active', [
  z.object({ active: z.literal(true), scopes: z.array(z.string()) }),
  z.object({ active: z.literal(false) }),
]);

const consequences = {
  read_records: 'Without the scopes to read contacts, companies and deals nothing of this HubSpot account can be followed: reconnect it and agree to them.',
  write_records: 'Without the scopes to write contacts, companies and deals nothing reaches HubSpot: reconnect the account and agree to them.',
  create_fields: 'Without the scopes crm.schemas.*.write Crossdock cannot create its properties: a HubSpot administrator creates them by hand, those for keys with unique values.',
  key_field: `Until the property ${externalKeyProperty} of contacts, companies and deals exists with unique values, no deal can be written, as none would be found again.`,
  line_items: 'Without the scopes to read and write line items the lines of an order stand in its deal as text alone: reconnect the account and agree to them.',
} as const;

const types = ['contacts', 'companies', 'deals'] as const;

/**
 * What a HubSpot account allows: the scopes that its token really has (HubSpot leaves out those that the account's tier
 * does not offer), and whether the property for our key is there.
 * Source: https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/public-token/post-oauth-v3-token-introspect
 */
export async function probeHubSpot(probe: HubSpotProbe, connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
  const scopes = await scopesOf(probe, connection, signal);
  const has = (...names: readonly string[]): boolean => names.every((name) => scopes.has(name));
  const capability = (name: keyof typeof consequences, available: boolean): Capability => ({ name, available, consequence: consequences[name] });
  return capabilityReport([
    capability('read_records', has(...types.map((type) => `crm.objects.${type}.read`))),
    capability('write_records', has(...types.map((type) => `crm.objects.${type}.write`))),
    capability('create_fields', has(...types.map((type) => `crm.schemas.${type}.write`))),
    capability('key_field', has(...types.map((type) => `crm.schemas.${type}.read`)) && await new HubSpotProperties(probe.api, connection, signal).hasKeys()),
    capability('line_items', has('crm.objects.line_items.read', 'crm.objects.line_items.write')),
  ]);
}

/** A token that has ended early is renewed once, as at any other call. */
async function scopesOf({ http, tokens, client }: HubSpotProbe, connection: Connection, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const operation = 'oauth.introspect';
  const introspect = async (token: string): Promise<z.infer<typeof introspectionSchema>> => {
    const response = await http.send({
      vendor: 'hubspot', tenantId: connection.tenantId, connectionId: connection.id, operation, signal,
      method: 'POST',
      url: `${client.hubspotApiUrl}/oauth/${hubSpotLimits.apiVersions.oauth}/token/introspect`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        client_id: client.hubspotClientId, client_secret: client.hubspotClientSecret, token, token_type_hint: 'access_token',
      }).toString(),
      timeoutMs: hubSpotLimits.timeoutMs,
      idempotent: true,
    });
    const { status, headers } = response;
    if (status !== 200) throw hubSpotFailure({ operation, status, headers, body: response.text() });
    const parsed = introspectionSchema.safeParse(JSON.parse(response.text()));
    if (!parsed.success) throw new Failure('unexpected', `HubSpot's answer to ${operation} is not as documented.`);
    return parsed.data;
  };
  const token = await tokens.get(connection);
  const first = await introspect(token);
  const answer = first.active ? first : await introspect(await tokens.refreshAfter401(connection, token));
  if (!answer.active) throw new Failure('unauthorised', 'HubSpot does not know the token of this connection any more: reconnect the account.');
  return new Set(answer.scopes);
}
