import { SERVICES, type Service } from '../../services.ts';
import { configOf } from '../service-configs.ts';
import { settingsOf } from '../setting.ts';
import { sourceOf, type SettingSource } from './setting-sources.ts';

/** A service with what its pods need. */
export interface ServicePlan {
  readonly service: Service;
  /** Source by environment variable. */
  readonly settings: ReadonlyMap<string, SettingSource>;
  /** Services it calls, by name. */
  readonly calls: readonly string[];
  /** Services that call it, by name. */
  readonly callers: readonly string[];
  /** Whether it speaks to vendors over the internet. */
  readonly callsVendors: boolean;
}

/**
 * What every service needs in a cluster, from its configuration and the list of services.
 * @throws Error where a required setting has no source: the pod could never start.
 */
export async function servicePlans(): Promise<ServicePlan[]> {
  const drafts = await Promise.all(SERVICES.map(async (service) => {
    const settings = await settingSources(service.name);
    const issuer = settings.has('AUTH_ISSUER_URL') && service.name !== 'auth-sso' ? ['auth-sso'] : [];
    return { service, settings, calls: [...new Set([...issuer, ...service.grant?.audiences ?? []])] };
  }));
  return drafts.map((draft) => ({
    ...draft,
    callers: drafts.filter(({ calls }) => calls.includes(draft.service.name)).map(({ service }) => service.name),
    callsVendors: draft.service.vendorSettings.some((setting) => setting.endsWith('_URL')),
  }));
}

async function settingSources(service: string): Promise<Map<string, SettingSource>> {
  const settings = settingsOf(await configOf(service));
  return new Map(settings.flatMap(({ variable, isRequired }) => {
    const source = sourceOf(variable, service);
    if (source !== undefined) return [[variable, source] as const];
    if (!isRequired) return [];
    throw new Error(`${variable} of ${service} is required, but nothing in Kubernetes sets it: name its source in setting-sources.ts.`);
  }));
}
