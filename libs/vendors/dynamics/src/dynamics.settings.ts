import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** What a Dynamics connection's settings hold. */
const dynamicsSettingsSchema = z.object({
  /** Address of the environment, where the connection has none of its own. */
  environmentUrl: z.url().optional(),
  /** By the consent of a user, or by the app's own user in the environment. */
  grantType: z.enum(['authorization_code', 'client_credentials']).default('authorization_code'),
  /** The directory (tenant) of the environment; without it Entra finds it by the user's name. */
  directoryId: z.uuid().optional(),
});
type DynamicsSettings = z.infer<typeof dynamicsSettingsSchema>;

export function dynamicsSettingsOf(settings: Readonly<Record<string, unknown>>): DynamicsSettings {
  return dynamicsSettingsSchema.catch(dynamicsSettingsSchema.parse({})).parse(settings);
}

/** @throws Failure `forbidden` where nobody said where the environment is. */
export function dynamicsEndpointOf({ endpoint, settings }: Connection): string {
  const address = endpoint ?? dynamicsSettingsOf(settings).environmentUrl;
  if (address === undefined) throw new Failure('forbidden', 'The Dynamics connection does not know the address of its environment: connect it again.');
  return address;
}
