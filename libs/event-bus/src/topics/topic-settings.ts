import kafkajs, { type Admin } from 'kafkajs';
import type { EventDefinition } from '@crossdock/contracts';

// Node finds some of this CommonJS package’s names, and not these two.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

/** A webhook body of 1 MiB grows when it is put into an envelope; the broker must take the whole. */
const maxMessageBytes = 3_145_728;
const hourMs = 3_600_000;
/** A consumer that is no further behind than this has every event, also of a compacted topic. */
const compactionLagHours = 24;
/** Kafka compacts whole segments, never the one it writes to; one of seven days would outlast most of the retention. */
const compactedSegmentHours = 24;

type TopicSettings = Readonly<Record<string, string>>;

/**
 * What a topic is created with (https://kafka.apache.org/documentation/#topicconfigs).
 *
 * A topic of states is compacted and still loses its records' last events when their days are over: kept for ever they
 * would be a second store of customers' data, which nobody erases.
 */
export function topicSettings({ retentionHours, carries }: Pick<EventDefinition, 'retentionHours' | 'carries'>): TopicSettings {
  return {
    'retention.ms': String(retentionHours * hourMs),
    'max.message.bytes': String(maxMessageBytes),
    ...(carries === 'state'
      ? {
        'cleanup.policy': 'compact,delete',
        'min.compaction.lag.ms': String(compactionLagHours * hourMs),
        'segment.ms': String(compactedSegmentHours * hourMs),
      }
      : { 'cleanup.policy': 'delete' }),
  };
}

/**
 * Brings topics' settings up to the catalogue. What an operator has set beside it stays: Kafka's call replaces all of a
 * topic's settings, so they are sent along.
 * @returns the topics that were changed.
 */
export async function alignTopicSettings(admin: Admin, wanted: ReadonlyMap<string, TopicSettings>): Promise<string[]> {
  if (wanted.size === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false, resources: [...wanted.keys()].map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  const changes = resources.flatMap(({ resourceName, configEntries }) => {
    const own = Object.fromEntries(configEntries.flatMap(({ configName, configValue, configSource }) =>
      (configSource === ConfigSource.TOPIC_CONFIG ? [[configName, configValue]] : [])));
    const settings = wanted.get(resourceName) ?? {};
    const differs = Object.entries(settings).some(([name, value]) => own[name] !== value);
    return differs ? [{ name: resourceName, settings: { ...own, ...settings } }] : [];
  });
  if (changes.length === 0) return [];
  await admin.alterConfigs({
    validateOnly: false,
    resources: changes.map(({ name, settings }) => ({
      type: ConfigResourceTypes.TOPIC, name, configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
    })),
  });
  return changes.map(({ name }) => name);
}
