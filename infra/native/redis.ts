import { join } from 'node:path';
import { STATE } from '../launch/folders.mjs';
import { choosePort } from '../ports.ts';
import { secret, writePrivateFile } from '../secrets.ts';
import type { DownloadedServers } from './maven-download.ts';
import { probeRedis } from './probes.ts';
import { endLeftoverServer, type RunningServer, type ServerContext, startServer } from './server-start.ts';

const FOLDER = join(STATE, 'redis');

/** Starts the embedded Redis. It keeps nothing on disk: what stands in it is only ever there for speed. */
export async function startRedis(servers: DownloadedServers, { guardian, environment, say, portOffset }: ServerContext): Promise<RunningServer> {
  await endLeftoverServer('redis');
  const port = await choosePort({ purpose: 'Redis', variable: 'CROSSDOCK_REDIS_PORT', preferred: 16_379 + portOffset }, environment, say);
  const password = secret('redis');
  // The password stands in a private file, as a command line can be read by everyone on the machine.
  const settingsFile = join(FOLDER, 'redis.conf');
  const settings = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'appendonly no', 'save ""', 'maxmemory 256mb', 'set-proc-title no', `dir "${FOLDER}"`];
  writePrivateFile(settingsFile, `${settings.join('\n')}\n`);
  return await startServer(
    {
      name: 'redis',
      program: servers.redisProgram,
      args: [settingsFile],
      environment: { PATH: environment['PATH'] ?? '' },
      stopSignal: 'SIGTERM',
      address: `redis://:${password}@127.0.0.1:${port}`,
      probe: probeRedis,
    },
    guardian,
  );
}
