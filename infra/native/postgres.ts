import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS, STATE } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import { choosePort } from '../ports.ts';
import { secret } from '../secrets.ts';
import { endLeftover } from '../supervise/leftover.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { probePostgres } from './probes.ts';
import { endLeftoverServer, type RunningServer, type ServerContext, startServer } from './server-start.ts';
import { type Disguise, findDisguise } from './unprivileged.ts';

const FOLDER = join(STATE, 'postgres');
const DATA = join(FOLDER, 'data');

/** Starts the embedded PostgreSQL, with its data in `.crossdock/postgres`; its address is the superuser's URL. */
export async function startPostgres({ guardian, environment, say, portOffset }: ServerContext): Promise<RunningServer> {
  const binaries = findPostgresBinaries();
  const disguise = findDisguise();
  const password = secret('postgresSuperuser');
  await endLeftoverServer('postgres');
  // PostgreSQL takes its own stale lock file for a running server when the number in it belongs to another program by now.
  await endLeftover(join(DATA, 'postmaster.pid'), DATA);
  if (!existsSync(DATA)) createCluster(binaries, disguise, password);
  giveTo(disguise, DATA);
  const port = await choosePort({ purpose: 'PostgreSQL', variable: 'CROSSDOCK_POSTGRES_PORT', preferred: 54_329 + portOffset }, environment, say);
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=300', // whole systems may run beside one another, as tests have them
    'shared_buffers=128MB',
    'log_timezone=UTC',
    'timezone=UTC',
  ];
  const [program = binaries.postgres, ...args] = [...disguise.prefix, binaries.postgres, '-D', DATA, ...settings.flatMap((setting) => ['-c', setting])];
  return await startServer(
    {
      name: 'postgres',
      program,
      args,
      environment: { PATH: environment['PATH'] ?? '' },
      stopSignal: 'SIGINT', // "fast": roll back what is open, write a checkpoint, end
      address: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      probe: probePostgres,
    },
    guardian,
  );
}

/** Makes the cluster beside its place and moves it there when it is whole, so that an interrupted start leaves nothing half made. */
function createCluster(binaries: PostgresBinaries, disguise: Disguise, password: string): void {
  const unfinished = `${DATA}.unfinished`;
  const passwordFile = join(FOLDER, 'password');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [unfinished, passwordFile]) giveTo(disguise, path);
  const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'];
  const [program = binaries.initdb, ...args] = [...disguise.prefix, binaries.initdb, '-D', unfinished, ...options];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  rmSync(passwordFile);
  if (status !== 0) {
    const logFile = join(LOGS, 'initdb.log');
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(logFile, `${stdout}${stderr}`);
    throw new SetupFault(`The embedded PostgreSQL could not make its data folder: ${logFile} says why.`);
  }
  renameSync(unfinished, DATA);
}

/** Sees to it that the files belong to the user PostgreSQL runs as; it refuses to start on another one's. */
function giveTo(disguise: Disguise, path: string): void {
  const owner = disguise.ownerId;
  if (owner === undefined || statSync(path).uid === owner) return;
  const below = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  for (const file of [path, ...below.map((name) => join(path, name))]) chownSync(file, owner, owner);
}
