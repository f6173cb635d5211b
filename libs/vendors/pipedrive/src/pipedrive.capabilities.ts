import { capabilityReport } from '@crossdock/crm-connector';
import { asFailure, type Capability, type CapabilityReport } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';

const userSchema = z.object({ access: z.array(z.object({ app: z.string(), admin: z.boolean().nullish() })).default([]) });

/**
 * What a company really allows: each capability is asked for by a call that writes nothing. Whether records may be written
 * shows only in writing them, so that nothing is said of it.
 */
export async function probePipedrive(session: PipedriveSession, missingFields: () => Promise<readonly string[]>): Promise<CapabilityReport> {
  const api = { name: 'api', consequence: 'Nothing is exchanged with Pipedrive: the company’s account is not open, or the user may not use its interface. An administrator can mend that.' } as const;
  const user = await unlessForbidden(() => session.call({ operation: 'users.me', path: `${pipedriveLimits.apiV1}/users/me` }, userSchema));
  if (user === undefined) return capabilityReport([{ ...api, available: false }]);
  const reads = await allMayBeRead(session, ['persons', 'organizations', 'deals']);
  const missing = reads ? await unlessForbidden(missingFields) : undefined;
  const hasFields = missing?.length === 0;
  const isAdministrator = user.access.some(({ app, admin }) => app === 'global' && admin === true);
  const capabilities: Capability[] = [
    { ...api, available: true },
    { name: 'read_records', available: reads, consequence: 'Persons, organisations and deals are neither found nor followed. Connect again and grant the scopes for contacts and deals.' },
    { name: 'create_fields', available: isAdministrator || hasFields, consequence: 'The fields that keep the hub’s keys and the order’s status are not made by themselves: an administrator adds them as text.' },
    { name: 'key_field', available: hasFields, consequence: 'Records wait until the field “Crossdock key” of deals, persons and organisations and the field “Crossdock order status” of deals are there.' },
    { name: 'change_notices', available: await mayBeCalled(session, 'webhooks.list', `${pipedriveLimits.apiV1}/webhooks`), consequence: 'Changes that people make are not heard of. Connect again and grant the scope admin, or add the webhooks by hand.' },
  ];
  return capabilityReport(capabilities);
}

async function allMayBeRead(session: PipedriveSession, objects: readonly string[]): Promise<boolean> {
  for (const object of objects) {
    if (!await mayBeCalled(session, `${object}.list`, `${pipedriveLimits.apiV2}/${object}?limit=1`)) return false;
  }
  return true;
}

async function mayBeCalled(session: PipedriveSession, operation: string, path: string): Promise<boolean> {
  return await unlessForbidden(async () => {
    await session.call({ operation, path }, z.unknown());
    return true;
  }) ?? false;
}

/** @throws Failure where there was no answer; that something is forbidden is one. */
async function unlessForbidden<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (asFailure(thrown).kind === 'forbidden') return undefined;
    throw thrown;
  }
}
