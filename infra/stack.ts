import { joinStack, type KeptStack } from './keeper/keeper-client.ts';
import type { Part } from './keeper/keeper-protocol.ts';
import { SetupFault } from './launch/setup-fault.mjs';
import { probeKafka, probePostgres, probeRedis } from './native/probes.ts';

/** PostgreSQL, Kafka and Redis, all answering. */
export type Stack = {
  /** URL of a role that may create databases and roles. */
  readonly databaseAdminUrl: string;
  /** `host:port,…` */
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  /** Where the servers come from that were not given. */
  readonly kind: 'given' | 'compose' | 'native';
  /** Resolves to a sentence when a server that was started here ends although it is in use. */
  readonly lost: Promise<string>;
  /** Ends a server that was started here by SIGKILL; it stays away until it is revived. */
  kill(part: Part): Promise<void>;
  /** Starts a killed server again, with its data and at its address; resolves when it answers. */
  revive(part: Part): Promise<void>;
  /** Gives the servers up; those that nobody else uses have ended when it resolves. Given ones are left alone. */
  stop(): Promise<void>;
};

type GivenServer = { readonly part: Part; readonly variable: string; readonly name: string; readonly probe: (address: string) => Promise<void> };

const GIVEN: readonly GivenServer[] = [
  { part: 'postgres', variable: 'DATABASE_URL', name: 'PostgreSQL', probe: probePostgres },
  { part: 'kafka', variable: 'KAFKA_BROKERS', name: 'Kafka', probe: probeKafka },
  { part: 'redis', variable: 'REDIS_URL', name: 'Redis', probe: probeRedis },
];

/**
 * Provides the three servers: each one that the environment names, the others by Docker Compose where an engine answers,
 * else as the embedded native stack. What a person can mend is thrown as a SetupFault of one sentence.
 */
export async function provideStack({
  log,
  environment = process.env,
}: {
  log: (sentence: string) => void;
  environment?: Readonly<Record<string, string | undefined>>;
}): Promise<Stack> {
  const given: Partial<Record<Part, string>> = {};
  for (const { part, variable } of GIVEN) {
    const value = environment[variable];
    if (value !== undefined && value !== '') given[part] = value;
  }
  await Promise.all(GIVEN.map((server) => requireAnswer(server, given[server.part])));
  const missing = GIVEN.map(({ part }) => part).filter((part) => given[part] === undefined);
  const kept: KeptStack | undefined = missing.length === 0 ? undefined : await joinStack(missing, log);
  const addressOf = (part: Part): string => {
    const address = given[part] ?? kept?.addresses[part];
    if (address === undefined) throw new Error(`the keeper named no address for ${part}`);
    return address;
  };
  return {
    databaseAdminUrl: addressOf('postgres'),
    kafkaBrokers: addressOf('kafka'),
    redisUrl: addressOf('redis'),
    kind: kept?.kind ?? 'given',
    lost: kept?.lost ?? new Promise(() => undefined),
    kill: async (part) => await own(kept, part).kill(part),
    revive: async (part) => await own(kept, part).revive(part),
    stop: async () => await kept?.leave(),
  };
}

function own(kept: KeptStack | undefined, part: Part): KeptStack {
  if (kept?.addresses[part] === undefined) throw new Error(`${part} was given and is not ours to break`);
  return kept;
}

async function requireAnswer({ variable, name, probe }: GivenServer, address: string | undefined): Promise<void> {
  if (address === undefined) return;
  try {
    await probe(address);
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    throw new SetupFault(`${name} does not answer at the address in ${variable} (${reason}): start it, correct ${variable}, or unset it to use the built-in one.`);
  }
}
