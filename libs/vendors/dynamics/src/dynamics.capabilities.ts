import { capabilityReport } from '@crossdock/crm-connector';
import { asFailure, type CapabilityReport } from '@crossdock/contracts';
import { z } from 'zod';
import type { DynamicsSession } from './dynamics.api.ts';

const identitySchema = z.object({ UserId: z.uuid() });
const privilegesSchema = z.object({ RolePrivileges: z.array(z.object({ PrivilegeName: z.string() })) });

const needed = {
  read_records: ['prvReadContact', 'prvReadOpportunity'],
  write_records: ['prvCreateContact', 'prvWriteContact', 'prvCreateOpportunity', 'prvWriteOpportunity'],
  create_fields: ['prvCreateAttribute'],
} as const;

const consequences = {
  api: 'Nothing is exchanged with Dynamics: the user is not enabled in this environment. An administrator can mend that.',
  read_records: 'Contacts and opportunities are neither found nor followed. An administrator gives the user a security role that may read them.',
  write_records: 'Orders do not arrive in Dynamics. An administrator gives the user a security role that may create and write contacts and opportunities.',
  create_fields: 'The column that keeps the hub’s key is not made by itself: a customiser adds the text column xdock_ExternalKey to opportunities.',
  key_field: 'Opportunities wait until the column xdock_ExternalKey is there.',
} as const;

/**
 * What an environment really allows its user, by the names of his privileges.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/security-access-coding
 */
export async function probeDynamics(session: DynamicsSession, hasKeyColumn: () => Promise<boolean>): Promise<CapabilityReport> {
  const privileges = await privilegesOf(session);
  if (privileges === undefined) return capabilityReport([{ name: 'api', available: false, consequence: consequences.api }]);
  return capabilityReport([
    { name: 'api', available: true, consequence: consequences.api },
    ...(['read_records', 'write_records', 'create_fields'] as const).map((name) => ({
      name, available: needed[name].every((privilege) => privileges.has(privilege)), consequence: consequences[name],
    })),
    { name: 'key_field', available: await hasKeyColumn(), consequence: consequences.key_field },
  ]);
}

/** Undefined where the environment does not let the user in. */
async function privilegesOf(session: DynamicsSession): Promise<ReadonlySet<string> | undefined> {
  try {
    const identity = await session.find('whoAmI', 'WhoAmI', identitySchema);
    const names = encodeURIComponent(JSON.stringify(Object.values(needed).flat()));
    const path = `systemusers(${identity?.UserId ?? ''})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)?@names=${names}`;
    const answer = await session.find('privileges.get', path, privilegesSchema);
    return new Set(answer?.RolePrivileges.map(({ PrivilegeName }) => PrivilegeName));
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind === 'forbidden') return undefined;
    throw failure;
  }
}
