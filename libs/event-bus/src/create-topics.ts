/** The topic job: creates every topic of the catalogue that is missing. `KAFKA_BROKERS` and `KAFKA_TOPIC_PREFIX` say where. */
import { pino } from 'pino';
import { createKafkaClient } from './kafka-client.ts';
import { createTopics } from './topics.ts';

const brokers = process.env['KAFKA_BROKERS'];
if (!brokers) {
  process.stderr.write('KAFKA_BROKERS is not set: give host:port of the brokers, separated by commas.\n');
  process.exit(1);
}
const kafka = createKafkaClient({ service: 'create-topics', brokers: brokers.split(','), logger: pino({ level: 'warn' }) });
const created = await createTopics(kafka, process.env['KAFKA_TOPIC_PREFIX'] ?? '');
process.stdout.write(`${created} topics created\n`);
