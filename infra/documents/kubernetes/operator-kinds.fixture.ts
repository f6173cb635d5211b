import { z } from 'zod';

/**
 * The fields that the examples for staging use of operators' kinds whose schemas no package carries, each as the operator's own CustomResourceDefinition has
 * it, looked up 2026-11-22; a further field is looked up there first:
 * - Strimzi, `packaging/install/cluster-operator/040-Crd-kafka.yaml`, `045-Crd-kafkanodepool.yaml` at commit 8541da1e336b (2026-08-22)
 * - CloudNativePG, `config/crd/bases/postgresql.cnpg.io_clusters.yaml`, `…_scheduledbackups.yaml` at commit a95a534dbe08 (2026-08-21)
 * - its Barman Cloud plug-in, `config/crd/bases/barmancloud.cnpg.io_objectstores.yaml` at commit 9967e2caabf2 (2026-08-06)
 */
const metadata = z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() });
const amounts = z.partialRecord(z.enum(['cpu', 'memory']), z.string());
const resources = z.strictObject({ requests: amounts, limits: amounts });
const size = z.strictObject({ size: z.string() });

/** What a kind's object may look like, by apiVersion and kind. */
export const operatorKinds: Readonly<Record<string, z.ZodType>> = {
  'kafka.strimzi.io/v1 KafkaNodePool': object('kafka.strimzi.io/v1', 'KafkaNodePool', {
    replicas: z.int(),
    roles: z.array(z.enum(['controller', 'broker'])),
    storage: z.strictObject({
      type: z.enum(['ephemeral', 'persistent-claim', 'jbod']),
      volumes: z.array(z.strictObject({ id: z.int(), type: z.enum(['ephemeral', 'persistent-claim']), size: z.string(), deleteClaim: z.boolean(), kraftMetadata: z.literal('shared') })),
    }),
    resources,
  }),
  // What Kafka itself is configured with is a map that the operator does not look into further than its keys.
  'kafka.strimzi.io/v1 Kafka': object('kafka.strimzi.io/v1', 'Kafka', {
    kafka: z.strictObject({
      listeners: z.array(z.strictObject({ name: z.string().regex(/^[a-z0-9]{1,11}$/), port: z.int().min(9_092), type: z.enum(['internal', 'route', 'loadbalancer', 'nodeport', 'cluster-ip']), tls: z.boolean() })),
      config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  }),
  'postgresql.cnpg.io/v1 Cluster': object('postgresql.cnpg.io/v1', 'Cluster', {
    instances: z.int().min(1),
    imageName: z.string(),
    enableSuperuserAccess: z.boolean(),
    bootstrap: z.strictObject({
      initdb: z.strictObject({ database: z.string(), owner: z.string(), encoding: z.string(), localeProvider: z.string(), builtinLocale: z.string() }),
    }),
    postgresql: z.strictObject({
      parameters: z.record(z.string(), z.string()),
      synchronous: z.strictObject({ method: z.enum(['any', 'first']), number: z.int() }),
    }),
    storage: size,
    walStorage: size,
    resources,
    plugins: z.array(z.strictObject({ name: z.string(), isWALArchiver: z.boolean(), parameters: z.record(z.string(), z.string()) })),
  }),
  'postgresql.cnpg.io/v1 ScheduledBackup': object('postgresql.cnpg.io/v1', 'ScheduledBackup', {
    // Six parts: it begins with the second.
    schedule: z.string().regex(/^(\S+ ){5}\S+$/),
    backupOwnerReference: z.enum(['none', 'self', 'cluster']),
    method: z.enum(['barmanObjectStore', 'volumeSnapshot', 'plugin']),
    pluginConfiguration: z.strictObject({ name: z.string() }),
    cluster: z.strictObject({ name: z.string() }),
  }),
  'barmancloud.cnpg.io/v1 ObjectStore': object('barmancloud.cnpg.io/v1', 'ObjectStore', {
    retentionPolicy: z.string().regex(/^[1-9][0-9]*[dwm]$/),
    configuration: z.strictObject({
      destinationPath: z.string().min(1),
      s3Credentials: z.strictObject({ inheritFromIAMRole: z.boolean() }),
      wal: z.strictObject({ compression: z.enum(['bzip2', 'gzip', 'lz4', 'snappy', 'xz', 'zstd']) }),
    }),
  }),
};

function object(apiVersion: string, kind: string, spec: z.ZodRawShape): z.ZodType {
  return z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata, spec: z.strictObject(spec) });
}
