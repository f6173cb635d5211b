import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import type { Logger } from 'pino';

/** The Kafka client of one process; its own log lines go through ours. */
export function createKafkaClient({ service, brokers, logger }: {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly logger: Logger;
}): Kafka {
  return new Kafka({
    clientId: `crossdock-${service}`,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    // Retrying is the relay's and the consumer's own work, where it can be seen and stopped.
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => logEntry(logger, entry),
  });
}

function logEntry(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { error, broker, groupId }: Record<string, unknown> = log;
  const line = { kafka: namespace, error, broker, groupId };
  if (level === logLevel.ERROR) logger.warn(line, log.message);
  else logger.debug(line, log.message);
}
