import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOWNLOADS, LOGS } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import { isAtLeast } from '../launch/version.mjs';
import { ManagedProcess } from '../supervise/managed-process.ts';
import type { ServerContext } from './server-start.ts';

const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));
const DOWNLOADED = join(DOWNLOADS, 'servers');
const MINIMUM_JAVA = '17';

/** The Redis programs inside the Maven artifact, by platform and processor. */
const REDIS_PROGRAMS: Readonly<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};

/** What the machine offers for the embedded stack; a version is undefined where the program is missing. */
export type Tools = { readonly java: string | undefined; readonly maven: boolean };

export type DownloadedServers = { readonly java: string; readonly kafkaClassPath: string; readonly redisProgram: string };

/** The sentence for a machine that lacks what the embedded stack needs; undefined when it lacks nothing. */
export function missingTools(tools: Tools): string | undefined {
  const way = 'start Docker, or install Java 17 or newer with Maven, or name servers of your own with DATABASE_URL, KAFKA_BROKERS and REDIS_URL.';
  if (tools.java === undefined) return `Kafka and Redis need Docker or Java, and neither was found: ${way}`;
  if (!isAtLeast(tools.java, MINIMUM_JAVA)) return `Kafka needs Java ${MINIMUM_JAVA} or newer and this machine has ${tools.java}: ${way}`;
  if (!tools.maven) return `Maven, which fetches Kafka and Redis, was not found: ${way}`;
  return undefined;
}

/** Answers Kafka's libraries and the Redis program, fetched from Maven Central at the first call and after a change of pom.xml. */
export async function provideServers(context: ServerContext): Promise<DownloadedServers> {
  const redis = REDIS_PROGRAMS[`${process.platform}-${process.arch}`];
  if (redis === undefined) {
    throw new SetupFault(`There is no embedded Redis for ${process.platform}-${process.arch}: start Docker, or set REDIS_URL to a server of your own.`);
  }
  const java = javaProgram(context.environment);
  const stamp = join(DOWNLOADED, 'pom.sha256');
  const wanted = createHash('sha256').update(readFileSync(POM)).update(redis).digest('hex');
  const isFetched = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  const fault = missingTools({ java: javaVersion(java), maven: isFetched || answers('mvn', ['-v']) });
  if (fault !== undefined) throw new SetupFault(fault);
  if (!isFetched) {
    await download(redis, context);
    writeFileSync(stamp, wanted);
  }
  return { java, kafkaClassPath: join(DOWNLOADED, 'kafka', '*'), redisProgram: join(DOWNLOADED, 'redis', redis) };
}

/** Java as the environment names it. */
export function javaProgram(environment: ServerContext['environment']): string {
  const javaHome = environment['JAVA_HOME'];
  return javaHome === undefined || javaHome === '' ? 'java' : join(javaHome, 'bin', 'java');
}

async function download(redis: string, { guardian, environment, say }: ServerContext): Promise<void> {
  say('fetching Kafka and Redis from Maven Central (53 MB)');
  const unfinished = `${DOWNLOADED}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const maven = await ManagedProcess.start({
    program: 'mvn',
    args: ['-B', '-f', POM, 'process-resources', `-Dtarget=${unfinished}`, `-Dredis.program=${redis}`],
    environment: definedOf(environment),
    logFile: join(LOGS, 'maven.log'),
    guardian,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 5_000,
  });
  const how = await maven.ended;
  if (how !== 'exit status 0') {
    throw new SetupFault(`Maven could not fetch Kafka and Redis: check the network, then try again (details: ${maven.logFile}).`);
  }
  chmodSync(join(unfinished, 'redis', redis), 0o755);
  rmSync(DOWNLOADED, { recursive: true, force: true });
  renameSync(unfinished, DOWNLOADED);
}

/** Leaves out the variables that are not set. */
function definedOf(environment: ServerContext['environment']): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function javaVersion(java: string): string | undefined {
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  return status === 0 ? /version "([^"]+)"/.exec(stderr)?.[1] : undefined;
}

function answers(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
