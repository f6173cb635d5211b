import { z } from 'zod';

const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_SSL'] as const;
const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** Settings of how a process reaches Kafka and as whom, in Kafka's own words. */
export const kafkaAccessShape = {
  kafkaBrokers: z.string().min(1).transform((list) => list.split(',').map((broker) => broker.trim()))
    .describe('Kafka bootstrap brokers, host:port separated by commas.'),
  kafkaSecurityProtocol: z.enum(securityProtocols).default('PLAINTEXT')
    .describe('How Kafka is spoken to: in the clear, over TLS, or over TLS as a user. A password in the clear (SASL_PLAINTEXT) is not on offer.'),
  kafkaSaslMechanism: z.enum(saslMechanisms).default('SCRAM-SHA-512').describe('How the user proves to Kafka who it is, with SASL_SSL.'),
  kafkaUsername: z.string().max(255).default('').describe("Kafka's user, with SASL_SSL; the service's own name where it is empty."),
  kafkaPassword: z.string().max(255).default('').describe("The password of Kafka's user; needed with SASL_SSL."),
};

type KafkaSettings = z.infer<z.ZodObject<typeof kafkaAccessShape>>;

/** How a process reaches Kafka: at least where it is; over TLS with the certificates (PEM) of who vouches for it, where Node.js does not know them. */
export type KafkaAccess = Partial<Omit<KafkaSettings, 'kafkaBrokers'>> & { readonly kafkaBrokers: readonly string[]; readonly serverCa?: string | undefined };
