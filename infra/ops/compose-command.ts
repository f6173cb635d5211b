import { chmodSync, copyFileSync, mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENTS_FILE, keyFileOf, provideClientKeys } from '../client-keys.ts';
import { containerSettings } from '../documents/compose/container-addresses.ts';
import { composeEnvironmentOf } from '../launch/compose-command.mjs';
import { STATE } from '../launch/folders.mjs';
import { secret, writePrivateFile } from '../secrets.ts';
import type { Command } from './command.ts';

/** The ports at which the machine reaches the servers, as docker-compose.yml asks for them. */
const ports = { POSTGRES: 54_329, KAFKA: 19_092, REDIS: 16_379 } as const;

/** A container runs as another user than the one who starts it: the folder is private, what is mounted of it can be read. */
const READABLE = 0o644;

export const composeSettingsCommand: Command = {
  name: 'compose settings',
  usage: '',
  summary: 'Writes passwords, keys and settings for the whole system in containers (docker-compose.system.yml)',
  options: {},
  meanings: {},
  async run({ output }) {
    const folder = join(STATE, 'compose');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const passwords = { postgres: secret('postgresSuperuser'), redis: secret('redis') };
    for (const [name, settings] of containerSettings(passwords)) {
      writePrivateFile(join(folder, `${name}.env`), Object.entries(settings).map(([variable, value]) => `${variable}=${value}\n`).join(''));
    }
    await provideClientKeys();
    for (const [from, to] of [[CLIENTS_FILE, 'clients.json'], [keyFileOf('gateway'), 'gateway.json']] as const) {
      copyFileSync(from, join(folder, to));
      chmodSync(join(folder, to), READABLE);
    }
    const file = composeEnvironmentOf(STATE);
    const present = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => /^CROSSDOCK_\w+_PORT=/.test(line) && !line.endsWith('=1')) : [];
    const chosen = present.length > 0 ? present : Object.entries(ports).map(([name, port]) => `CROSSDOCK_${name}_PORT=${port}`);
    writePrivateFile(file, [...chosen, `CROSSDOCK_POSTGRES_PASSWORD=${passwords.postgres}`, `CROSSDOCK_REDIS_PASSWORD=${passwords.redis}`, `CROSSDOCK_GRAFANA_PASSWORD=${secret('grafana')}`, ''].join('\n'));
    output.print(`The settings stand in ${folder}. Start with:\n  docker compose --file docker-compose.yml --file docker-compose.system.yml --env-file .crossdock/compose.env up --build --wait`);
    return 0;
  },
};
