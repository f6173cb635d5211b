import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** Everything the launcher makes on this machine (downloads, data, secrets, logs) stands below this ignored folder. */
export const STATE = join(ROOT, '.crossdock');

/** Logs of set-up steps, servers and services. */
export const LOGS = join(STATE, 'logs');
