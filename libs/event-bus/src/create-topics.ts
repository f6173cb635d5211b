/** The topic job: brings Kafka’s topics up to the catalogue. `KAFKA_BROKERS` and `KAFKA_TOPIC_PREFIX` say where. */
import { pino } from 'pino';
import { createKafkaClient } from './kafka-client.ts';
import { createTopics } from './topics/create-topics.ts';

const brokers = process.env['KAFKA_BROKERS'];
if (!brokers) {
  process.stderr.write('KAFKA_BROKERS is not set: give host:port of the brokers, separated by commas.\n');
  process.exit(1);
}
const kafka = createKafkaClient({ service: 'create-topics', brokers: brokers.split(','), logger: pino({ level: 'warn' }) });
const { created, configured, raised, waiting } = await createTopics(kafka, process.env['KAFKA_TOPIC_PREFIX'] ?? '');
const lines = [
  `${created.length} topics created, ${configured.length} configured anew, ${raised.length} given more partitions`,
  ...waiting.map(({ topic, partitions, wanted, behind }) => {
    const groups = Object.entries(behind).map(([group, messages]) => `${group} is ${messages} messages behind`).join(', ');
    return `${topic} stays at ${partitions} partitions instead of ${wanted} for now: ${groups}; run this job again when they have caught up`;
  }),
];
process.stdout.write(`${lines.join('\n')}\n`);
