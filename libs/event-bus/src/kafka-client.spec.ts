import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createKafkaClient } from './kafka-client.ts';

describe('a user of Kafka', () => {
  it('is refused from the start without a password', () => {
    const access = { kafkaBrokers: ['kafka.example:9092'], kafkaSecurityProtocol: 'SASL_SSL' } as const;
    expect(() => createKafkaClient({ service: 'orders', access, logger: pino({ level: 'silent' }) })).toThrow('KAFKA_PASSWORD is not set, and KAFKA_SECURITY_PROTOCOL is SASL_SSL.');
  });
});
