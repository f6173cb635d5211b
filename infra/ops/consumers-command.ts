import { pino } from 'pino';
import { createKafkaClient, rewindConsumers } from '@crossdock/event-bus';
import { ConfigurationError, kafkaSettingsShape, loadConfig } from '@crossdock/service-kit';
import { z } from 'zod';
import { type Command, type Given, textOf } from './command.ts';
import { serviceOf } from './operands.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const settingsSchema = z.object(kafkaSettingsShape);

/** Goes to Kafka itself: the service whose consumers are taken back does not run. It goes as that service, which may do so with its own consumers. */
export const consumersRewindCommand: Command = {
  name: 'consumers rewind',
  usage: 'SERVICE --to TIME [--brokers HOST:PORT,…] [--prefix TEXT]',
  summary: 'Has a stopped service hear its topics again from a time on, after its database was restored',
  options: { to: { type: 'string' }, brokers: { type: 'string' }, prefix: { type: 'string' } },
  meanings: {
    to: 'a time such as 2026-01-31T12:00:00Z, some minutes before that to which the database was restored',
    brokers: 'Kafka’s bootstrap brokers (KAFKA_BROKERS); how they are reached and as whom say the other variables of the service: KAFKA_SECURITY_PROTOCOL, KAFKA_PASSWORD, SERVER_CA',
    prefix: 'what is put before topics and groups (KAFKA_TOPIC_PREFIX)',
  },
  async run({ given, operands, output }) {
    const service = serviceOf(operands[0]);
    const to = new Date(textOf(given, 'to') ?? '');
    if (Number.isNaN(to.getTime())) throw new UsageFault('Say to when: --to 2026-01-31T12:00:00Z.');
    const settings = settingsOf(given);
    const kafka = createKafkaClient({ service, access: settings, logger: pino({ level: 'silent' }) });
    const moved = await rewindConsumers(kafka, { group: `${settings.topicPrefix}${service}`, to }).catch((fault: unknown) => {
      if (!(fault instanceof Error) || !fault.name.startsWith('KafkaJS')) throw fault;
      throw new UsageFault(`Kafka at ${settings.kafkaBrokers.join(',')} did not do it: ${fault.message}. Is it there, and may ${settings.kafkaUsername || service} do this with that password?`);
    });
    if (given['json'] === true) output.print(JSON.stringify(moved, undefined, 2));
    else if (moved.length === 0) output.print(`${service} has read nothing since ${to.toISOString()}.`);
    else output.print(textTable(['TOPIC', 'PARTITION', 'FROM', 'TO'], moved.map((each) => [each.topic, String(each.partition), each.from, each.to])));
    return 0;
  },
};

/** The environment's, as a service reads them, but for what the command line says. */
function settingsOf(given: Given): z.infer<typeof settingsSchema> {
  const [brokers, prefix] = [textOf(given, 'brokers'), textOf(given, 'prefix')];
  try {
    return loadConfig(settingsSchema, { ...process.env, ...(brokers !== undefined && { KAFKA_BROKERS: brokers }), ...(prefix !== undefined && { KAFKA_TOPIC_PREFIX: prefix }) });
  } catch (fault) {
    if (fault instanceof ConfigurationError) throw new UsageFault(`${fault.faults.join('; ')}.`);
    throw fault;
  }
}
