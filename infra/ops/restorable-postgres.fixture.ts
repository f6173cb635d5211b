import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, closeSync, cpSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually, freePort } from '@crossdock/test-stack';
import { findPostgresBinaries } from '../native/postgres-binaries.ts';
import { findDisguise } from '../native/unprivileged.ts';

const binaries = findPostgresBinaries();
const disguise = findDisguise();

/** A PostgreSQL server of a test's own, which can be backed up, lost, and restored into an empty one. */
export class RestorablePostgres {
  readonly url: string;
  readonly #folder: string;
  readonly #data: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(folder: string, name: string, port: number, url: string) {
    this.#folder = folder;
    this.#data = join(folder, name);
    this.#port = port;
    this.url = url;
  }

  /** An empty server, whose write-ahead log is archived in the folder. */
  static async create(folder: string): Promise<RestorablePostgres> {
    const password = randomBytes(12).toString('hex');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password);
    mkdirSync(join(folder, 'archive'));
    mkdirSync(join(folder, 'lost'), { mode: 0o700 });
    own(folder);
    run(binaries.initdb, '-D', join(folder, 'lost'), '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-instructions');
    const port = await freePort();
    const server = new RestorablePostgres(folder, 'lost', port, `postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
    await server.#start();
    return server;
  }

  /** Copies the files of the running server between the two marks that every physical backup has. @returns the folder of the backup. */
  async backUp(): Promise<string> {
    const backup = join(this.#folder, 'backup');
    const client = new Client({ connectionString: this.url });
    await client.connect();
    await client.query("SELECT pg_backup_start('test', fast => true)");
    cpSync(this.#data, backup, { recursive: true, filter: (path) => !/postmaster\.(pid|opts)$|pg_wal\/.+/.test(path) });
    mkdirSync(join(backup, 'pg_wal'), { recursive: true });
    const { rows: [label] } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop()'); // waits until the log is archived
    writeFileSync(join(backup, 'backup_label'), label?.labelfile ?? '');
    await client.end();
    return backup;
  }

  /** A new server on the files of a backup, as it was when the backup ended. */
  async restore(backup: string): Promise<RestorablePostgres> {
    const port = await freePort();
    const server = new RestorablePostgres(this.#folder, 'restored', port, this.url.replace(/:\d+\/postgres$/, `:${port}/postgres`));
    cpSync(backup, server.#data, { recursive: true });
    chmodSync(server.#data, 0o700);
    writeFileSync(join(server.#data, 'recovery.signal'), '');
    own(server.#data);
    await server.#start('-c', `restore_command=cp ${join(this.#folder, 'archive')}/%f %p`, '-c', 'recovery_target=immediate', '-c', 'recovery_target_action=promote');
    return server;
  }

  /** Ends it without a word, and with it all that it holds. */
  async lose(): Promise<void> {
    await this.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGQUIT'); // "immediate"
    await once(child, 'exit');
  }

  async #start(...settings: readonly string[]): Promise<void> {
    const archive = `archive_command=cp %p ${join(this.#folder, 'archive')}/%f`;
    const [program = binaries.postgres, ...args] = [
      ...disguise.prefix, binaries.postgres, '-D', this.#data, '-c', 'listen_addresses=127.0.0.1', '-c', `port=${this.#port}`, '-c', 'unix_socket_directories=',
      '-c', 'shared_buffers=32MB', '-c', 'max_connections=60', '-c', 'archive_mode=on', '-c', archive, ...settings,
    ];
    const logFile = `${this.#data}.log`;
    const log = openSync(logFile, 'a');
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    await eventually('PostgreSQL to take writes', async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${readFileSync(logFile, 'utf8')}`);
      const client = new Client({ connectionString: this.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        const { rows: [state] } = await client.query<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows');
        return state?.follows === false;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }
}

function run(program: string, ...args: readonly string[]): void {
  const [first = program, ...others] = [...disguise.prefix, program, ...args];
  const { status, stderr } = spawnSync(first, others, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** PostgreSQL runs on files of the user that it runs as, and refuses others'. */
function own(path: string): void {
  if (disguise.ownerId === undefined) return;
  spawnSync('chown', ['-R', `${disguise.ownerId}:${disguise.ownerId}`, path]);
}
