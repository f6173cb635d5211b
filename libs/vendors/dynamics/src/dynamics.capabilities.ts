import { capabilityReport } from '@crossdock/crm-connector';
import { asFailure, type CapabilityReport } from '@crossdock/contracts';
import { z } from 'zod';
import type { DynamicsSession } from './dynamics.api.ts';
import { DynamicsColumns } from './dynamics.columns.ts';

const identitySchema = z.object({ UserId: z.uuid() });
const privilegesSchema = z.object({ RolePrivileges: z.array(z.object({ PrivilegeName: z.string() })) });

const needed = {
  read_records: ['prvReadContact', 'prvReadAccount', 'prvReadOpportunity'],
  write_records: ['prvCreateContact', 'prvWriteContact', 'prvCreateAccount', 'prvWriteAccount', 'prvCreateOpportunity', 'prvWriteOpportunity'],
  create_fields: ['prvCreateAttribute', 'prvCreateEntityKey'],
  change_notices: ['prvReadServiceEndpoint', 'prvCreateServiceEndpoint', 'prvReadSdkMessageProcessingStep', 'prvCreateSdkMessageProcessingStep'],
} as const;

const consequences = {
  api: 'Nothing is exchanged with Dynamics: the user is not enabled in this environment. An administrator can mend that.',
  read_records: 'Contacts, accounts and opportunities are neither found nor followed. An administrator gives the user a security role that may read them.',
  write_records: 'Orders do not arrive in Dynamics. An administrator gives the user a security role that may create and write contacts, accounts and opportunities.',
  create_fields: 'The columns of Crossdock are not made by themselves: a customiser adds the text columns xdock_ExternalKey to accounts, contacts and opportunities, each with an alternate key, also to opportunity products without one, and xdock_OrderStatus, xdock_LineItems (of several lines), xdock_OrderSource, xdock_SampleRequest and xdock_SampleStatus to opportunities.',
  key_field: 'Opportunities wait until the column xdock_ExternalKey is there.',
  line_items: 'The lines of an order stand in its opportunity as text alone: a customiser adds the text column xdock_ExternalKey to opportunity products, or lets Crossdock do it.',
  change_notices: 'Changes that people make in Dynamics are not heard of at once. An administrator gives the user the right to register service endpoints and processing steps.',
} as const;

/**
 * What an environment really allows its user, by the names of his privileges.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/security-access-coding
 */
export async function probeDynamics(session: DynamicsSession): Promise<CapabilityReport> {
  const privileges = await privilegesOf(session);
  if (privileges === undefined) return capabilityReport([{ name: 'api', available: false, consequence: consequences.api }]);
  const columns = new DynamicsColumns(session);
  return capabilityReport([
    { name: 'api', available: true, consequence: consequences.api },
    ...(['read_records', 'write_records', 'create_fields', 'change_notices'] as const).map((name) => ({
      name, available: needed[name].every((privilege) => privileges.has(privilege)), consequence: consequences[name],
    })),
    { name: 'key_field', available: await columns.hasKeys(), consequence: consequences.key_field },
    { name: 'line_items', available: await columns.hasLineKey(), consequence: consequences.line_items },
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
