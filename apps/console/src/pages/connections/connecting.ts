import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { api } from '../../app/hub.ts';
import { vendorCards, type Vendor } from './vendors.ts';

/** What somebody typed to connect an account, by the names of the vendor's fields. */
export interface Connecting {
  readonly vendor: Vendor;
  readonly given: Readonly<Record<string, string>>;
}

/** People come back to the page of connections, which learns from the address which one it is about. */
const returnTo = (): string => `${location.origin}/console/connections`;

/** Connects an account: where the vendor asks for consent, the browser goes there; by keys it is done at once. */
export function useConnect(): UseMutationResult<void, Error, Connecting> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ vendor, given }) => {
      const [settings, credentials] = [partOf(vendor, given, false), partOf(vendor, given, true)];
      const byKeys = Object.keys(credentials).length > 0;
      const { data } = await api.call('POST /v1/connections/authorizations', { body: { vendor, settings, ...(byKeys ? { credentials } : { returnTo: returnTo() }) } });
      goOn(data);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
}

/** Connects the account of a connection again; its id, mappings and waiting work stay. */
export function useReconnect(): UseMutationResult<void, Error, { readonly connectionId: string; readonly vendor: Vendor; readonly given?: Readonly<Record<string, string>> }> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ connectionId, vendor, given = {} }) => {
      const credentials = partOf(vendor, given, true);
      const byKeys = Object.keys(credentials).length > 0;
      const { data } = await api.call('POST /v1/connections/{id}/reconnect', { path: { id: connectionId }, body: byKeys ? { credentials } : { returnTo: returnTo() } });
      goOn(data);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
}

function goOn(answer: { readonly authorizationUrl: string } | { readonly connection: unknown }): void {
  if ('authorizationUrl' in answer) location.assign(answer.authorizationUrl);
}

/** The settings, or the secrets, among what was typed; what was left empty is not sent. */
function partOf(vendor: Vendor, given: Readonly<Record<string, string>>, secrets: boolean): Record<string, string> {
  const names = vendorCards[vendor].fields.filter(({ isSecret = false }) => isSecret === secrets).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => {
    const value = given[name]?.trim() ?? '';
    return value === '' ? [] : [[name, value]];
  }));
}
