import { labelsOf, type Manifest } from './manifest.ts';
import type { ServicePlan } from './service-plan.ts';

/** The store that an overlay sets up: which product keeps the secrets is the installation's own matter. */
const STORE = { kind: 'SecretStore', name: 'crossdock' } as const;
/** Where values stand that several services share, so that they are kept and exchanged in one place. */
const SHARED = 'crossdock/installation';

/** Each service has a role of its own at the database, a user at Kafka, and no other's. */
const ofOneService: ReadonlySet<string> = new Set(['DATABASE_URL', 'KAFKA_PASSWORD']);

/** The Secrets of those who may do more than any service; only jobs read them. */
export interface Administrators {
  /** The address of a role that may create schemas and roles. */
  readonly database: string;
  /** The password of Kafka's user who may make topics and give rights. */
  readonly kafka: string;
}

/** The Secrets that the base expects, filled from a store: `crossdock/<service>` and what services share. */
export function externalSecrets(plans: readonly ServicePlan[], administrators: Administrators): Manifest[] {
  const keysOf = ({ settings }: ServicePlan): string[] => [...settings].flatMap(([variable, source]) => (source.from === 'secret' ? [variable] : []));
  const times = new Map<string, number>();
  for (const variable of plans.flatMap(keysOf)) times.set(variable, (times.get(variable) ?? 0) + 1);
  const isShared = (variable: string): boolean => !ofOneService.has(variable) && (times.get(variable) ?? 0) > 1;
  return [
    externalSecret(administrators.database, [['DATABASE_ADMIN_URL', SHARED]]),
    externalSecret(administrators.kafka, [['KAFKA_PASSWORD', 'crossdock/create-topics']]),
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
