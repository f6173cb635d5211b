import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** What a Pipedrive connection's settings hold. */
const pipedriveSettingsSchema = z.object({
  /** Address of the company's interface, where the connection has none of its own. */
  apiDomain: z.url().optional(),
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

/** @throws Failure `forbidden` where nobody said where the company's interface is. */
export function pipedriveEndpointOf({ endpoint, settings }: Connection): string {
  const address = endpoint ?? pipedriveSettingsOf({ settings }).apiDomain;
  if (address === undefined) throw new Failure('forbidden', 'The Pipedrive connection does not know the address of its company: connect it again.');
  return address;
}

/** The headers that show a token of this kind. */
export function presentPipedriveToken(kind: PipedriveSettings['tokenKind'], token: string): Readonly<Record<string, string>> {
  return kind === 'api_token' ? { 'x-api-token': token } : { authorization: `Bearer ${token}` };
}
