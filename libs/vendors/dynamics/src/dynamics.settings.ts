import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** What a Dynamics connection's settings hold. */
const dynamicsSettingsSchema = z.object({
  /** By the consent of a user, or by the app's own user in the environment. */
  grantType: z.enum(['authorization_code', 'client_credentials']).default('authorization_code'),
  /** The directory (tenant) of the environment; without it Entra finds it by the user's name. */
  directoryId: z.uuid().optional(),
});
type DynamicsSettings = z.infer<typeof dynamicsSettingsSchema>;

export function dynamicsSettingsOf(settings: Readonly<Record<string, unknown>>): DynamicsSettings {
  return dynamicsSettingsSchema.catch(dynamicsSettingsSchema.parse({})).parse(settings);
}

/** The directory that is asked for tokens. @throws Failure `invalid` where the settings name one that cannot be. */
export function directoryOf({ directoryId }: Readonly<Record<string, unknown>>): string {
  const parsed = z.uuid().optional().safeParse(directoryId);
  if (!parsed.success) throw new Failure('invalid', 'directoryId must be the id of a Microsoft Entra directory (a UUID).', { pointer: '/settings/directoryId' });
  return parsed.data ?? 'organizations';
}

/** @throws Failure `unauthorised` where the connection holds no address that opens. */
export function dynamicsEndpointOf({ endpoint }: Pick<Connection, 'endpoint'>): string {
  if (endpoint === undefined) throw new Failure('unauthorised', 'The address of the Dynamics environment is missing or does not open; connect the environment again.');
  return endpoint;
}
