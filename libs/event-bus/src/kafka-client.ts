import { Kafka, logLevel, type KafkaConfig, type LogEntry } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaAccess } from './kafka-access.ts';
import { fetchInSessions } from './kafkajs/fetch-in-sessions.ts';
import { lookForPendingOnly } from './kafkajs/pending-requests.ts';

lookForPendingOnly();
fetchInSessions();

/**
 * The Kafka client of one process; its own log lines go through ours.
 * @throws Error where Kafka asks for a user and no password is set.
 */
export function createKafkaClient({ service, access, logger }: {
  /** The service, or the job; also its user at Kafka unless another one is set. */
  readonly service: string;
  readonly access: KafkaAccess;
  readonly logger: Logger;
}): Kafka {
  return new Kafka({
    clientId: `crossdock-${service}`,
    brokers: [...access.kafkaBrokers],
    ...securityOf(service, access),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    // Retrying is the relay's and the consumer's own work, where it can be seen and stopped.
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => logEntry(logger, entry),
  });
}

function securityOf(service: string, access: KafkaAccess): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const { kafkaSecurityProtocol = 'PLAINTEXT', serverCa } = access;
  const ssl = serverCa === undefined ? true : { ca: serverCa };
  switch (kafkaSecurityProtocol) {
    case 'PLAINTEXT': return {};
    case 'SSL': return { ssl };
    case 'SASL_SSL': return { ssl, sasl: saslOf(service, access) };
  }
}

function saslOf(service: string, { kafkaSaslMechanism = 'SCRAM-SHA-512', kafkaUsername = '', kafkaPassword: password = '' }: KafkaAccess): NonNullable<KafkaConfig['sasl']> {
  if (password === '') throw new Error('KAFKA_PASSWORD is not set, and KAFKA_SECURITY_PROTOCOL is SASL_SSL.');
  const username = kafkaUsername === '' ? service : kafkaUsername;
  switch (kafkaSaslMechanism) {
    case 'PLAIN': return { mechanism: 'plain', username, password };
    case 'SCRAM-SHA-256': return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM-SHA-512': return { mechanism: 'scram-sha-512', username, password };
  }
}

function logEntry(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { error, broker, groupId }: Record<string, unknown> = log;
  const line = { kafka: namespace, error, broker, groupId };
  if (level === logLevel.ERROR) logger.warn(line, log.message);
  else logger.debug(line, log.message);
}
