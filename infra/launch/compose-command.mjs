import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT, STATE } from './folders.mjs';

/** Passwords and ports for docker-compose.yml, which holds none itself. */
export const COMPOSE_ENVIRONMENT = join(STATE, 'compose.env');

/** Two clones on one machine are two projects. */
const PROJECT = `crossdock-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`;

/** The start of every Docker command about this clone's containers. */
export const COMPOSE = ['compose', '--project-name', PROJECT, '--file', join(ROOT, 'docker-compose.yml'), '--env-file', COMPOSE_ENVIRONMENT];
