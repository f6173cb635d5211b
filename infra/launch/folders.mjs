import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** Everything the launcher makes on this machine stands below this ignored folder; what it downloads is shared by all runs. */
export const DOWNLOADS = join(ROOT, '.crossdock');

/**
 * Data, secrets and logs of a run. A run that must leave the developer's alone, such as a crash test, names a folder of
 * its own inside by `CROSSDOCK_STATE`; it then has servers of its own as well.
 */
export const STATE = join(DOWNLOADS, process.env['CROSSDOCK_STATE'] ?? '');

/** Folders that runs of their own use, as values of `CROSSDOCK_STATE`. */
export const OWN_STATES = ['crash', 'crash-short', 'crash-rolling'];

/** Logs of set-up steps, servers and services. */
export const LOGS = join(STATE, 'logs');
