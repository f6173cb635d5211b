import { pino } from 'pino';
import { createKafkaClient, rewindConsumers } from '@crossdock/event-bus';
import { type Command, textOf } from './command.ts';
import { serviceOf } from './operands.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

/** Goes to Kafka itself: the service whose consumers are taken back does not run. */
export const consumersRewindCommand: Command = {
  name: 'consumers rewind',
  usage: 'SERVICE --to TIME --brokers HOST:PORT,… [--prefix TEXT]',
  summary: 'Has a stopped service hear its topics again from a time on, after its database was restored',
  options: { to: { type: 'string' }, brokers: { type: 'string' }, prefix: { type: 'string' } },
  meanings: {
    to: 'a time such as 2026-01-31T12:00:00Z, some minutes before that to which the database was restored',
    brokers: 'Kafka’s bootstrap brokers',
    prefix: 'what KAFKA_TOPIC_PREFIX says, where it says something',
  },
  async run({ given, operands, output }) {
    const service = serviceOf(operands[0]);
    const brokers = textOf(given, 'brokers')?.split(',') ?? [];
    if (brokers.length === 0) throw new UsageFault('Name the brokers: --brokers HOST:PORT,….');
    const to = new Date(textOf(given, 'to') ?? '');
    if (Number.isNaN(to.getTime())) throw new UsageFault('Say to when: --to 2026-01-31T12:00:00Z.');
    const kafka = createKafkaClient({ service: 'ops', access: { kafkaBrokers: brokers }, logger: pino({ level: 'silent' }) });
    const moved = await rewindConsumers(kafka, { group: `${textOf(given, 'prefix') ?? ''}${service}`, to });
    if (given['json'] === true) output.print(JSON.stringify(moved, undefined, 2));
    else if (moved.length === 0) output.print(`${service} has read nothing since ${to.toISOString()}.`);
    else output.print(textTable(['TOPIC', 'PARTITION', 'FROM', 'TO'], moved.map((each) => [each.topic, String(each.partition), each.from, each.to])));
    return 0;
  },
};
