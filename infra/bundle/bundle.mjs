/**
 * Bundles every program that an installation runs: a service, or a job, is then a file and the chunks that it has in common with others, instead of some two thousand modules.
 * nx runs it when a package's build has changed. Why it is so, and what is left out: docs/decisions/0025.
 */
import { existsSync, readdirSync } from 'node:fs';
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

const bundle = await rolldown({
  cwd: ROOT,
  input: programs(),
  platform: 'node',
  external: [new RegExp(`^(${instrumentedPackages.join('|')})(/|$)`), ...notInstalled],
  plugins: [withoutOtherDatabases, sourcePlaces],
  onLog(level, log, handle) {
    if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
    handle(level, log);
  },
});
await bundle.write({
  dir: join(ROOT, BUNDLES),
  cleanDir: true,
  entryFileNames: '[name].js',
  chunkFileNames: ({ name }) => `${name.replace(/~.*/, '')}-[hash].js`,
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

/**
 * What swc built of each program, by the program's name.
 * @returns {Record<string, string>}
 */
function programs() {
  const services = readdirSync(join(ROOT, 'apps')).filter((app) => existsSync(join(ROOT, 'apps', app, 'dist', 'main.js')));
  return {
    [TELEMETRY]: 'libs/service-kit/dist/telemetry.js',
    [TOPIC_JOB]: 'libs/service-kit/dist/create-topics.js',
    sandbox: 'sandbox/dist/main.js',
    ...Object.fromEntries(services.flatMap((service) => [[service, `apps/${service}/dist/main.js`], [migrationOf(service), `apps/${service}/dist/migrate.js`]])),
  };
}
