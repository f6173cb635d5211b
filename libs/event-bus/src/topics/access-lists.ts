import { eventCatalogue, serviceNames, type EventDefinition, type ServiceName } from '@crossdock/contracts';
import kafkajs, { type AclEntry, type AclOperationTypes, type Kafka, type ResourcePatternTypes } from 'kafkajs';

// Node finds these by the default export alone.
const { AclOperationTypes: operations, AclPermissionTypes: permissions, AclResourceTypes: resources, ResourcePatternTypes: patterns } = kafkajs;

/**
 * What each service's user may do at Kafka, and nobody else: write what the catalogue says it says, read what it hears, and work in its own consumer groups, of
 * which those of replays come and go.
 */
function accessLists(topicPrefix: string, catalogue: readonly EventDefinition[] = eventCatalogue): AclEntry[] {
  const allow = (service: ServiceName, operation: AclOperationTypes, resource: Pick<AclEntry, 'resourceType' | 'resourceName' | 'resourcePatternType'>): AclEntry => (
    { ...resource, principal: `User:${service}`, host: '*', operation, permissionType: permissions.ALLOW }
  );
  const topic = ({ type }: EventDefinition) => ({ resourceType: resources.TOPIC, resourceName: topicPrefix + type, resourcePatternType: patterns.LITERAL });
  const group = (resourceName: string, resourcePatternType: ResourcePatternTypes) => ({ resourceType: resources.GROUP, resourceName, resourcePatternType });
  return [
    ...catalogue.flatMap((definition) => [
      ...definition.producers.map((service) => allow(service, operations.WRITE, topic(definition))),
      ...definition.consumers.map((service) => allow(service, operations.READ, topic(definition))),
    ]),
    ...serviceNames.flatMap((service) => [
      allow(service, operations.READ, group(topicPrefix + service, patterns.LITERAL)),
      ...[operations.READ, operations.DELETE].map((operation) => allow(service, operation, group(`${topicPrefix}${service}.replay-`, patterns.PREFIXED))),
    ]),
  ];
}

/**
 * Gives every service's user these rights; what it has already stays.
 * @returns how many there are.
 */
export async function grantAccess(kafka: Kafka, topicPrefix: string): Promise<number> {
  const acl = accessLists(topicPrefix);
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
  return acl.length;
}
