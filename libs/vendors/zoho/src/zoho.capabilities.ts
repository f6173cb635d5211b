import type { Capability, CapabilityReport } from '@crossdock/contracts';
import { asFailure } from '@crossdock/contracts';
import { capabilityReport } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { ZohoApi } from './zoho.api.ts';
import { hasHubFields } from './zoho.hub-fields.ts';
import { keyField, orderStatusField } from './zoho.mapping.ts';

const modulesSchema = z.object({
  modules: z.array(z.object({
    api_name: z.string(), viewable: z.boolean().default(false), creatable: z.boolean().default(false), editable: z.boolean().default(false),
  })),
});
type Right = 'viewable' | 'creatable' | 'editable';

const consequences = {
  api: 'Zoho does not let the app see what the account may do: reconnect it and agree to all permissions.',
  read_records: 'Without the right to see contacts, accounts and deals nothing of this Zoho organisation can be followed: its administrator grants it in the profile of the user who connected.',
  write_records: 'Without the rights to create and edit contacts, accounts and deals records do not reach Zoho: its administrator grants them in the profile of the user who connected.',
  key_field: `Until the field ${keyField} of contacts, accounts and deals exists and allows no duplicates, and deals have ${orderStatusField}, no deal can be written, as none would be found again.`,
} as const;

/**
 * What the user who connected may do in a Zoho organisation. Whether fields may be made is known only when one is: the
 * set-up tells.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/modules-api.html
 * @throws Failure where the organisation gave no answer.
 */
export async function probeZoho(api: ZohoApi, edition: unknown): Promise<CapabilityReport> {
  const capability = (name: keyof typeof consequences, available: boolean): Capability => ({ name, available, consequence: consequences[name] });
  const report = (...capabilities: Capability[]): CapabilityReport => capabilityReport(capabilities, typeof edition === 'string' ? edition : undefined);
  const modules = await unlessForbidden(async () => (await api.send(modulesSchema, { method: 'GET', path: 'settings/modules', operation: 'modules.list' }))?.modules ?? []);
  if (!modules) return report(capability('api', false));
  const may = (...rights: readonly Right[]): boolean => ['Contacts', 'Accounts', 'Deals'].every((name) =>
    modules.some((module) => module.api_name === name && rights.every((right) => module[right])));
  const hasFields = await unlessForbidden(() => hasHubFields(api)) ?? false;
  return report(
    capability('api', true), capability('read_records', may('viewable')), capability('write_records', may('creatable', 'editable')), capability('key_field', hasFields),
  );
}

async function unlessForbidden<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind === 'forbidden') return undefined;
    throw failure;
  }
}
