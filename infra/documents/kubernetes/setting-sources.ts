import { SERVICES, variableName } from '../../services.ts';

/** Ports inside every pod; each has its own network address. */
export const API_PORT = 8080;
export const INTERNAL_PORT = 9090;

/** Where a pod gets a setting from. */
export type SettingSource =
  /** Follows from the manifests themselves. */
  | { readonly from: 'manifest'; readonly value: string }
  /** The installation's ConfigMap, which the overlay provides. */
  | { readonly from: 'installation' }
  /** The service's own Secret, under the variable's name; an optional one may be missing there. */
  | { readonly from: 'secret'; readonly isOptional?: true }
  /** A file mounted from an object that the overlay provides. */
  | { readonly from: 'file'; readonly kind: 'Secret' | 'ConfigMap'; readonly suffix: string; readonly fileName: string };

/** The ConfigMap with what all services of an installation share. */
export const INSTALLATION = 'crossdock-installation';

const sources: Readonly<Record<string, SettingSource>> = {
  HOST: { from: 'manifest', value: '0.0.0.0' },
  PORT: { from: 'manifest', value: String(API_PORT) },
  INTERNAL_PORT: { from: 'manifest', value: String(INTERNAL_PORT) },
  AUTH_ISSUER_URL: { from: 'manifest', value: `http://auth-sso:${API_PORT}` },
  ...Object.fromEntries(SERVICES.map(({ name }) => [`${variableName(name)}_URL`, { from: 'manifest', value: `http://${name}:${API_PORT}` }])),
  KAFKA_BROKERS: { from: 'installation' },
  PUBLIC_URL: { from: 'installation' },
  SIGN_ON_URL: { from: 'installation' },
  TRUSTED_PROXIES: { from: 'installation' },
  HUBSPOT_CLIENT_ID: { from: 'installation' },
  DYNAMICS_CLIENT_ID: { from: 'installation' },
  PIPEDRIVE_CLIENT_ID: { from: 'installation' },
  SALESFORCE_CLIENT_ID: { from: 'installation' },
  ZOHO_CLIENT_ID: { from: 'installation' },
  DATABASE_URL: { from: 'secret' },
  REDIS_URL: { from: 'secret' },
  KAFKA_PASSWORD: { from: 'secret', isOptional: true },
  VAULT_KEYS: { from: 'secret' },
  HUBSPOT_CLIENT_SECRET: { from: 'secret' },
  HUBSPOT_CLIENT_SECRETS: { from: 'secret' },
  DYNAMICS_CLIENT_SECRET: { from: 'secret' },
  PIPEDRIVE_CLIENT_SECRET: { from: 'secret' },
  SALESFORCE_CLIENT_SECRET: { from: 'secret' },
  ZOHO_CLIENT_SECRET: { from: 'secret' },
  SERVICE_CLIENT_KEY_FILE: { from: 'file', kind: 'Secret', suffix: 'client-key', fileName: 'key.json' },
  AUTH_CLIENTS_FILE: { from: 'file', kind: 'ConfigMap', suffix: 'clients', fileName: 'clients.json' },
};

/** What one service has from elsewhere than the others. */
const ownSources: Readonly<Record<string, Readonly<Record<string, SettingSource>>>> = {
  // People come to it by the gateway, which proves itself by its token: what the pods' network is believed for at the gateway, nobody is believed for here (docs/decisions/0028).
  'auth-sso': { TRUSTED_PROXIES: { from: 'manifest', value: '' } },
};

/** The source of a setting; undefined where it has none and its default applies. */
export function sourceOf(variable: string, service = ''): SettingSource | undefined {
  return ownSources[service]?.[variable] ?? sources[variable];
}
