/** The topic job: brings Kafka’s topics, and where it is asked to the rights on them, up to the catalogue. */
import { z } from 'zod';
import { createKafkaClient, createTopics, grantAccess } from '@crossdock/event-bus';
import { createLogger } from './logger.ts';
import { kafkaSettingsShape, loadConfigOrExit } from './service-config.ts';

const config = loadConfigOrExit(z.object({
  ...kafkaSettingsShape,
  kafkaAccessLists: z.stringbool().default(false).describe('Whether each service’s user, named like it, is given the rights that the catalogue says.'),
}));
const kafka = createKafkaClient({ service: 'create-topics', access: config, logger: createLogger('create-topics', 'warn') });
const { created, configured, raised, waiting } = await createTopics(kafka, config.topicPrefix);
const lines = [
  `${created.length} topics created, ${configured.length} configured anew, ${raised.length} given more partitions`,
  ...waiting.map(({ topic, partitions, wanted, behind }) => {
    const groups = Object.entries(behind).map(([group, messages]) => `${group} is ${messages} messages behind`).join(', ');
    return `${topic} stays at ${partitions} partitions instead of ${wanted} for now: ${groups}; run this job again when they have caught up`;
  }),
];
if (config.kafkaAccessLists) lines.push(`${await grantAccess(kafka, config.topicPrefix)} rights stand as the catalogue says`);
process.stdout.write(`${lines.join('\n')}\n`);
