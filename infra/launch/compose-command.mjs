import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from './folders.mjs';

/** Passwords and ports for docker-compose.yml, which holds none itself. */
export const composeEnvironmentOf = (/** @type {string} */ state) => join(state, 'compose.env');

/**
 * The start of every Docker command about the containers of a run's folder. Two clones on one machine are two projects,
 * and so are two folders of one clone.
 * @param {string} state
 */
export function composeOf(state) {
  const project = `crossdock-${createHash('sha256').update(state).digest('hex').slice(0, 8)}`;
  return ['compose', '--project-name', project, '--file', join(ROOT, 'docker-compose.yml'), '--env-file', composeEnvironmentOf(state)];
}
