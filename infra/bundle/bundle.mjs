/**
 * Bundles every program that an installation runs: a service, or a job, is then a file and the chunks that it has in common with others, instead of some two thousand modules.
 * nx runs it when a package's build has changed. Why it is so, and what is left out: docs/decisions/0025.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from '../launch/folders.mjs';
import { instrumentedPackages } from './instrumented-packages.mjs';
import { withoutOtherDatabases } from './other-databases.mjs';
import { BUNDLES, migrationOf, TELEMETRY, TOPIC_JOB } from './programs.mjs';
import { packageModule, sourcePlaces } from './source-places.mjs';

/** What packages would use if it were there. None of it is installed; anything else that is missing ends the build. */
const notInstalled = [
  '@apollo/subgraph', '@fastify/multipart', '@fastify/view', '@mercuriusjs/gateway', '@nats-io/transport-node', '@nestjs/platform-express', '@nestjs/websockets/socket-module.js',
  'amqp-connection-manager', 'class-transformer', 'class-validator', 'mqtt', 'ts-morph',
];

rmSync(join(ROOT, BUNDLES), { recursive: true, force: true });
await bundle(programsOfServices(), '');
// What the stand-ins consist of is told by its names: no image of the services has it.
await bundle({ sandbox: 'sandbox/dist/main.js' }, 'sandbox.');

/**
 * Bundles programs, with the chunks that they have in common.
 * @param {Record<string, string>} input
 * @param {string} chunkPrefix
 */
async function bundle(input, chunkPrefix) {
  const bundled = await rolldown({
    cwd: ROOT,
    input,
    platform: 'node',
    external: [new RegExp(`^(${instrumentedPackages.join('|')})(/|$)`), ...notInstalled],
    plugins: [withoutOtherDatabases, sourcePlaces],
    onLog(level, log, handle) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      handle(level, log);
    },
  });
  await bundled.write({
    dir: join(ROOT, BUNDLES),
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) => `${chunkPrefix}${name.replace(/~.*/, '')}-[hash].js`,
    codeSplitting: { groups: [{ name: 'packages', test: packageModule, entriesAware: true }] },
    // V8 keeps the text of a module for as long as it lives, and with two bytes a character where one of them needs two, such as the apostrophe of a message.
    comments: false,
    charset: 'ascii',
    // Modules run in the order in which they would as files, whichever chunk they are in.
    strictExecutionOrder: true,
    // Names of classes are read: by TypeORM, by NestJS in what it reports.
    keepNames: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
}

/**
 * What swc built of each program of the services, by the program’s name.
 * @returns {Record<string, string>}
 */
function programsOfServices() {
  const services = readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'dist', 'main.js')));
  return {
    [TELEMETRY]: 'libs/service-kit/dist/telemetry.js',
    [TOPIC_JOB]: 'libs/service-kit/dist/create-topics.js',
    ...Object.fromEntries(services.flatMap((service) => [[service, `apps/${service}/dist/main.js`], [migrationOf(service), `apps/${service}/dist/migrate.js`]])),
  };
}
