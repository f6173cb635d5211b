import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: for each library the libraries of ours it builds upon. Apps may use every library, never another
 * app; everything else is refused. The list is acyclic, and a test holds it to that.
 */
export const allowedImports = {
  contracts: [],
  'background-loop': [],
  tenancy: [],
  'event-bus': ['background-loop', 'contracts', 'tenancy'],
  'task-queue': ['background-loop', 'contracts', 'tenancy'],
  'service-kit': ['contracts', 'event-bus', 'task-queue', 'tenancy'],
  'service-tokens': ['contracts', 'tenancy'],
  'outbound-http': ['contracts'],
  connections: ['contracts', 'tenancy'],
  'crm-connector': ['connections', 'contracts', 'outbound-http'],
  'crm-service': ['connections', 'contracts', 'crm-connector', 'event-bus', 'outbound-http', 'service-kit', 'task-queue', 'tenancy'],
  'vendors/hubspot': ['connections', 'contracts', 'crm-connector', 'outbound-http'],
  'vendors/salesforce': ['connections', 'contracts', 'crm-connector', 'outbound-http'],
  'vendors/shippo': ['connections', 'contracts', 'outbound-http'],
  'vendors/woocommerce': ['connections', 'contracts', 'outbound-http'],
  'test-stack': ['contracts', 'event-bus', 'service-kit'],
};

/** Third-party libraries that stand behind one of ours, so that they can be exchanged and are used one way. */
const namedHomes = [
  { packages: ['kafkajs'], homes: ['event-bus', 'service-kit', 'test-stack'] },
  { packages: ['undici'], homes: ['outbound-http'], apps: ['gateway'] },
];

const testFiles = ['**/*.spec.ts', '**/*.fixture.ts', '**/*.conformance.ts'];

function packageName(library) {
  return `@crossdock/${library.replace('vendors/', 'vendor-')}`;
}

/** Refuses every package of ours but those named, deep imports past an entry point, and what has its home elsewhere. */
function importRule(allowed, refusedPackages) {
  const names = allowed.map((library) => packageName(library).slice('@crossdock/'.length)).join('|');
  const patterns = [
    { regex: `^@crossdock/(?!(${names})(/|$))`, message: 'This package may not build upon that one (eslint.config.mjs, allowedImports).' },
    { regex: '^(\\.\\./)+(apps|libs|sandbox|infra)/', message: 'Import a package by its name.' },
  ];
  const paths = refusedPackages.map((name) => ({ name, message: 'This library stands behind one of ours (eslint.config.mjs, namedHomes).' }));
  return { 'no-restricted-imports': ['error', { patterns, paths }] };
}

function refusedFor(kind, name) {
  return namedHomes.filter((entry) => !(entry[kind] ?? []).includes(name)).flatMap((entry) => entry.packages);
}

const everyLibrary = Object.keys(allowedImports).filter((library) => library !== 'test-stack');
const services = ['gateway', 'auth-sso', 'crm-salesforce', 'crm-hubspot', 'orders', 'shipping', 'attribution'];

const noEnvironment = {
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Settings come through service-kit’s configuration.' }],
};

export default tseslint.config(
  { ignores: ['**/dist/', '.crossdock/', '.nx/', 'node_modules/'] },
  js.configs.recommended,
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', Buffer: 'readonly', AbortSignal: 'readonly', fetch: 'readonly' } } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // A Nest module is a class with nothing in it but its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: true }],
      // `async () => {}` where a promise is expected is plainer than Promise.resolve().
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  ...Object.entries(allowedImports).map(([library, allowed]) => ({
    files: [`libs/${library}/**/*.ts`],
    ignores: testFiles,
    rules: { ...importRule(allowed, refusedFor('homes', library)), ...noEnvironment },
  })),
  ...services.map((service) => ({
    files: [`apps/${service}/**/*.ts`],
    ignores: testFiles,
    rules: { ...importRule(everyLibrary, refusedFor('apps', service)), ...noEnvironment },
  })),
  // Where the environment is read: the start of a service, its telemetry, and the jobs.
  {
    files: ['libs/service-kit/src/{run-service,migrate-service,telemetry}.ts', 'libs/event-bus/src/create-topics.ts', 'libs/test-stack/src/test-servers.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
);
