import { labelsOf, type Manifest } from './manifest.ts';
import type { ServicePlan } from './service-plan.ts';

/** The store that an overlay sets up: which product keeps the secrets is the installation's own matter. */
const STORE = { kind: 'SecretStore', name: 'crossdock' } as const;
/** Where values stand that several services share, so that they are kept and exchanged in one place. */
const SHARED = 'crossdock/installation';

/** The Secrets that the base expects, filled from a store: `crossdock/<service>` and what services share. */
export function externalSecrets(plans: readonly ServicePlan[], databaseAdministrator: string): Manifest[] {
  const keysOf = ({ settings }: ServicePlan): string[] => [...settings].flatMap(([variable, source]) => (source.from === 'secret' ? [variable] : []));
  const times = new Map<string, number>();
  for (const variable of plans.flatMap(keysOf)) times.set(variable, (times.get(variable) ?? 0) + 1);
  // Each service has a role of its own at the database, and no other's.
  const isShared = (variable: string): boolean => variable !== 'DATABASE_URL' && (times.get(variable) ?? 0) > 1;
  return [
    externalSecret(databaseAdministrator, [['DATABASE_ADMIN_URL', SHARED]]),
    ...plans.flatMap((plan) => {
      const { service: { name }, settings } = plan;
      const own = `crossdock/${name}`;
      const files = [...settings.values()].flatMap((source) => (source.from === 'file' && source.kind === 'Secret' ? [source] : []));
      return [
        externalSecret(name, keysOf(plan).map((variable) => [variable, isShared(variable) ? SHARED : own])),
        ...files.map(({ suffix, fileName }) => externalSecret(`${name}-${suffix}`, [[fileName, `${own}-${suffix}`]])),
      ];
    }),
  ];
}

function externalSecret(name: string, keys: ReadonlyArray<readonly [key: string, place: string]>): Manifest {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, labels: labelsOf(name, 'secret') },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: STORE,
      target: { name, creationPolicy: 'Owner' },
      data: keys.map(([secretKey, key]) => ({ secretKey, remoteRef: { key, property: secretKey } })),
    },
  };
}
