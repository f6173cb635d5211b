import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** What a Pipedrive connection's settings hold. */
const pipedriveSettingsSchema = z.object({
  /** How the stored token is shown: an app's by `Authorization`, a user's own API token by a header of Pipedrive's. */
  tokenKind: z.enum(['oauth', 'api_token']).default('oauth'),
  /** The company's plan and seats, which decide how many calls it may make; the smallest where nobody said. */
  plan: z.enum(['lite', 'growth', 'premium', 'ultimate']).default('lite'),
  seats: z.int().positive().max(100_000).default(1),
});
export type PipedriveSettings = z.infer<typeof pipedriveSettingsSchema>;

export function pipedriveSettingsOf({ settings }: Pick<Connection, 'settings'>): PipedriveSettings {
  return pipedriveSettingsSchema.catch(pipedriveSettingsSchema.parse({})).parse(settings);
}

/** @throws Failure `unauthorised` where the connection holds no address that opens. */
export function pipedriveEndpointOf({ endpoint }: Pick<Connection, 'endpoint'>): string {
  if (endpoint === undefined) throw new Failure('unauthorised', 'The address of the Pipedrive company is missing or does not open; connect the company again.');
  return endpoint;
}

/** The headers that show a token of this kind. */
export function presentPipedriveToken(kind: PipedriveSettings['tokenKind'], token: string): Readonly<Record<string, string>> {
  return kind === 'api_token' ? { 'x-api-token': token } : { authorization: `Bearer ${token}` };
}
