import { readFileSync } from 'node:fs';

/** The build's settings, but for the rewriting of extensions: tests import the TypeScript files themselves. */
const { jsc: { rewriteRelativeImportExtensions: _, ...jsc }, module } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Tests run on the TypeScript sources: the `source` condition leads each package's entry point to src/. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc, module, sourceMaps: 'inline' }] },
  testMatch: ['<rootDir>/{apps,libs,infra,sandbox,crash}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/(.*/)?dist/', '<rootDir>/.crossdock/'],
  globalSetup: '<rootDir>/infra/jest/global-setup.ts',
  globalTeardown: '<rootDir>/infra/jest/global-teardown.ts',
  setupFiles: ['<rootDir>/infra/jest/plugin-names.ts'],
  randomize: true,
  // Longer than a test waits for one state, so that what it waited for is said.
  testTimeout: 120_000,
  // A third would make the whole some minutes shorter on two cores, and the console's pages so slow that buttons are pressed while they still move. A process keeps the modules of every file that it has run, and is replaced when they have grown.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1500MB',
  // Where one is being replaced as the last file ends, Jest must wait until the new one has started before it can end it; after half a second, as usual, it would kill it and speak of a leak.
  workerGracefulExitTimeout: 30_000,
};
