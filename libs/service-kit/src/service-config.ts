import { readFileSync } from 'node:fs';
import { kafkaAccessShape } from '@crossdock/event-bus';
import { z } from 'zod';
import { postgresUrlSchema, serverCaSetting } from './server-tls.ts';

/** Whether this process runs for tests, which hold more to be wrong than a caller would notice. */
export const isUnderTest = process.env['NODE_ENV'] === 'test';

const port = z.coerce.number().int().min(0).max(65_535);

const topicPrefixSetting = z.string().regex(/^[a-zA-Z0-9._-]*$/).default('')
  .describe('Put before every topic and consumer group, so that several installations share a cluster.');

/** Settings of whatever speaks to Kafka: services, the topic job, operators' commands. */
export const kafkaSettingsShape = { ...kafkaAccessShape, serverCa: serverCaSetting, topicPrefix: topicPrefixSetting };

/** Settings every service has. A service adds its own with `z.object({ ...serviceConfigShape, … })`. */
export const serviceConfigShape = {
  databaseUrl: postgresUrlSchema.describe("PostgreSQL address with the service's own role; with ?sslmode=verify-full over TLS."),
  databasePoolSize: z.coerce.number().int().min(2).max(200).default(10).describe('Connections to PostgreSQL a process.'),
  ...kafkaSettingsShape,
  redisUrl: z.url({ protocol: /^rediss?$/ }).describe('Redis address; rediss: is over TLS.'),
  authIssuerUrl: z.url().describe('Address of auth-sso, whose access tokens callers present.'),
  host: z.string().default('127.0.0.1').describe('Address the API and the internal port listen on.'),
  port: port.describe('Port of the API.'),
  internalPort: port.describe('Port of health and metrics; never expose it.'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info').describe('Least severe level that is logged.'),
  bodyLimitBytes: z.coerce.number().int().min(1_024).max(10_485_760).default(1_048_576).describe('Largest request body, in bytes; larger ones get 413.'),
  outboxCeilingRows: z.coerce.number().int().min(100).default(1_000_000).describe('Rows waiting in the outbox above which new work is refused with 503.'),
  inboxRetentionDays: z.coerce.number().int().min(1).max(365).default(14).describe('Days an event is remembered, so that its repeat is recognised; not less than the topics keep.'),
  deadLetterRetentionDays: z.coerce.number().int().min(1).max(3_650).default(90).describe('Days a dead letter waits for somebody to look at it; an older one is removed and cannot be replayed any more.'),
  eventTimeoutMs: z.coerce.number().int().min(100).max(300_000).default(30_000).describe('Milliseconds an event handler may take before it counts as failed.'),
};

/** For services that count by clients' addresses. */
export const trustedProxiesSetting = z.string().default('')
  .refine((list) => list === '' || list.split(',').every((address) => z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(address.trim()).success), 'must be IP addresses or networks, separated by commas')
  .describe('Addresses or networks of the proxies in front, separated by commas: only their X-Forwarded-For names a client’s address.');

/** Settings every service has, parsed. */
export type ServiceConfig = z.infer<z.ZodObject<typeof serviceConfigShape>>;

/** Kafka names follow the prefix's variable; all others are the setting's name in capitals. */
const irregularNames: Record<string, string> = { topicPrefix: 'KAFKA_TOPIC_PREFIX' };

/** The environment variable of a setting: `databaseUrl` → `DATABASE_URL`. */
export function environmentName(setting: string): string {
  return irregularNames[setting] ?? setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/** Wrong configuration: one line a fault, each naming the variable and never its value. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration is wrong:', ...faults].join('\n  '));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/**
 * Reads a service's settings from environment variables. Each may also be given as a file, whose address stands in the
 * variable's name with `_FILE` (`VAULT_KEYS_FILE`), as secrets are mounted into containers.
 * @throws ConfigurationError naming every variable that is missing or wrong.
 */
export function loadConfig<Schema extends z.ZodObject>(schema: Schema, environment: NodeJS.ProcessEnv): z.infer<Schema> {
  const given = Object.keys(schema.shape).flatMap((setting) => {
    const value = givenValue(environmentName(setting), environment);
    return value === undefined || value === '' ? [] : [[setting, value] as const];
  });
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  throw new ConfigurationError(result.error.issues.map((issue) => describeFault(issue, given)));
}

/** A variable's own value, or else what its file holds, without the line's end that editors leave there. */
function givenValue(variable: string, environment: NodeJS.ProcessEnv): string | undefined {
  const [value, file] = [environment[variable], environment[`${variable}_FILE`]];
  if (file === undefined || file === '') return value;
  if (value !== undefined && value !== '') throw new ConfigurationError([`${variable}: is given twice, also as ${variable}_FILE`]);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new ConfigurationError([`${variable}_FILE: the file cannot be read`]);
  }
}

/** Reads the settings of this process; where they are wrong it says so, a line a fault, and ends the process. */
export function loadConfigOrExit<Schema extends z.ZodObject>(schema: Schema): z.infer<Schema> {
  try {
    return loadConfig(schema, process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function describeFault(issue: z.core.$ZodIssue, given: ReadonlyArray<readonly [string, string]>): string {
  const setting = String(issue.path[0]);
  const isGiven = given.some(([name]) => name === setting);
  return `${environmentName(setting)}: ${isGiven ? describeExpectation(issue) : 'is not set'}`;
}

function describeExpectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small': return `must be at least ${issue.minimum}`;
    case 'too_big': return `must be at most ${issue.maximum}`;
    case 'invalid_value': return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_type': return `must be a ${issue.expected}`;
    case 'invalid_format': return `is not a valid ${issue.format}`;
    case 'custom': return issue.message;
    default: return 'is not valid';
  }
}
