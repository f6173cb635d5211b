import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The folders of apps/ but the console, which is no service; a test holds the list to them. */
export const services = ['gateway', 'auth-sso', 'crm-salesforce', 'crm-hubspot', 'crm-pipedrive', 'crm-zoho', 'crm-dynamics', 'orders', 'shipping', 'attribution', 'sync', 'journal'];

/**
 * Who may import whom: for each library the libraries of ours it builds upon. Apps may use every library, never another
 * app; everything else is refused. The list is acyclic, and a test holds it to that.
 */
export const allowedImports = {
  contracts: [],
  'background-loop': [],
  tenancy: [],
  metrics: [],
  'feature-flags': ['background-loop', 'contracts', 'tenancy'],
  'event-bus': ['background-loop', 'contracts', 'metrics', 'tenancy'],
  'task-queue': ['background-loop', 'contracts', 'metrics', 'tenancy'],
  'service-tokens': ['contracts', 'tenancy'],
  operations: ['background-loop', 'contracts', 'event-bus', 'service-tokens', 'task-queue', 'tenancy'],
  'service-kit': ['contracts', 'event-bus', 'feature-flags', 'metrics', 'operations', 'service-tokens', 'task-queue', 'tenancy'],
  'rate-budgets': ['contracts'],
  'outbound-http': ['contracts', 'metrics', 'rate-budgets'],
  connections: ['background-loop', 'contracts', 'event-bus', 'metrics', 'outbound-http', 'tenancy'],
  'outbound-service': ['connections', 'outbound-http', 'rate-budgets', 'service-kit', 'tenancy'],
  'signed-webhook': ['contracts'],
  'field-mapping': ['contracts'],
  'attribution-models': [],
  'crm-connector': ['connections', 'contracts', 'field-mapping', 'outbound-http', 'rate-budgets'],
  'crm-service': ['background-loop', 'connections', 'contracts', 'crm-connector', 'event-bus', 'feature-flags', 'field-mapping', 'metrics', 'outbound-http', 'outbound-service', 'service-kit', 'service-tokens', 'task-queue', 'tenancy'],
  'order-source': ['connections', 'contracts', 'signed-webhook'],
  'vendors/hubspot': ['connections', 'contracts', 'crm-connector', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'vendors/dynamics': ['connections', 'contracts', 'crm-connector', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'vendors/pipedrive': ['connections', 'contracts', 'crm-connector', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'vendors/salesforce': ['connections', 'contracts', 'crm-connector', 'outbound-http', 'rate-budgets'],
  'vendors/shippo': ['connections', 'contracts', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'vendors/woocommerce': ['connections', 'contracts', 'order-source', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'vendors/zoho': ['connections', 'contracts', 'crm-connector', 'outbound-http', 'rate-budgets', 'signed-webhook'],
  'test-stack': ['contracts', 'event-bus', 'service-kit'],
};

/**
 * Third-party libraries that stand behind one of ours, so that they can be exchanged and are used one way: the libraries
 * (`homes`) and services (`apps`) that use them, and the libraries that see nothing of them but types (`types`), such as
 * the EntityManager of a transaction they are handed. Nobody else imports them.
 * @type {ReadonlyArray<{ packages: string[], homes?: string[], types?: string[], apps?: string[] }>}
 */
export const namedHomes = [
  { packages: ['kafkajs'], homes: ['event-bus', 'service-kit', 'test-stack'] },
  { packages: ['undici'], homes: ['outbound-http'], apps: ['gateway'] },
  { packages: ['ioredis'], homes: ['outbound-service', 'service-kit'], apps: ['auth-sso', 'gateway'] },
  {
    packages: ['typeorm'], homes: ['connections', 'service-kit', 'tenancy', 'test-stack'], types: ['crm-service', 'event-bus', 'feature-flags', 'operations', 'task-queue'],
    apps: ['attribution', 'auth-sso', 'gateway', 'journal', 'orders', 'shipping', 'sync'],
  },
  { packages: ['@nestjs/graphql', 'graphql', 'mercurius'], apps: ['gateway'] },
  { packages: ['pg'] },
  { packages: ['@openfeature'], homes: ['feature-flags'] },
  { packages: ['@hubspot/api-client'], homes: ['vendors/hubspot'] },
  { packages: ['jsforce'], homes: ['vendors/salesforce'] },
  { packages: ['shippo'], homes: ['vendors/shippo'] },
  { packages: ['@nestjs'], homes: ['crm-service', 'event-bus', 'operations', 'outbound-service', 'service-kit', 'service-tokens'], apps: services },
];

const testFiles = ['**/*.spec.ts', '**/*.fixture.ts', '**/*.conformance.ts'];

/** Entry points beside a library's index that are for tests. */
const testEntryPoints = ['crm-connector/conformance', 'crm-connector/toy-connector.fixture', 'crm-service/crm-service.fixture', 'crm-service/record-service.conformance', 'order-source/conformance', 'service-kit/tested-service.fixture', 'service-tokens/issuer.fixture'];

const reasons = {
  library: 'This package may not build upon that one, nor reach past its entry point (eslint.config.mjs, allowedImports).',
  path: 'Import another package by its name.',
  home: 'This library stands behind one of ours (eslint.config.mjs, namedHomes).',
  process: 'Settings come through service-kit’s configuration; all else of the process is global.',
  browser: 'Browsers have no such thing, or the console has no business with it.',
  dynamic: 'Import statically: the import rules do not see this.',
};

/** @param {string} library a folder under libs/ */
function packageName(library) {
  return library.replace('vendors/', 'vendor-');
}

/** A path that climbs out of its package comes down again in another one's sources, or at a folder of the root. */
const leavingPaths = [
  { regex: '^(\\.\\./)+(.+/)?(src|dist)/', message: reasons.path },
  { regex: '^(\\.\\./)+(apps|libs|sandbox|infra)/', message: reasons.path },
];

/**
 * Refuses every package of ours but the entry points named, and every path into one.
 * @param {readonly string[]} entryPoints
 */
function oursExcept(entryPoints) {
  return [{ regex: `^@crossdock/(?!(${entryPoints.join('|')})$)`, message: reasons.library }, ...leavingPaths];
}

/**
 * Refuses what has its home elsewhere, whichever of its files is asked for.
 * @param {'homes' | 'apps'} kind
 * @param {string} name
 */
function refusedPackages(kind, name) {
  return namedHomes.filter((entry) => !entry[kind]?.includes(name)).map(({ packages, types }) => ({
    regex: `^(${packages.join('|')})(/|$)`, message: reasons.home, allowTypeImports: kind === 'homes' && types?.includes(name) === true,
  }));
}

/**
 * @param {readonly object[]} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
function importRule(patterns) {
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

const everyLibrary = Object.keys(allowedImports).filter((library) => library !== 'test-stack').map(packageName);

/** @type {import('eslint').Linter.RulesRecord} */
const noEnvironment = {
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: reasons.process }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ImportExpression', message: reasons.dynamic },
    { selector: 'ImportDeclaration[source.value=/^(node:)?process$/]', message: reasons.process },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist/', '.crossdock/', '.nx/', 'node_modules/', 'apps/console/src/api/generated/'] },
  js.configs.recommended,
  { rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] } },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', Buffer: 'readonly', AbortSignal: 'readonly', fetch: 'readonly' } } },
  {
    files: ['**/*.{ts,tsx}'],
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
    rules: { ...importRule([...oursExcept(allowed.map(packageName)), ...refusedPackages('homes', library)]), ...noEnvironment },
  })),
  ...services.map((service) => ({
    files: [`apps/${service}/**/*.ts`],
    ignores: testFiles,
    rules: { ...importRule([...oursExcept(everyLibrary), ...refusedPackages('apps', service)]), ...noEnvironment },
  })),
  // The console runs in browsers: it knows the hub by its interface alone.
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      ...importRule([...oursExcept([]), { regex: '^node:', message: reasons.browser }, ...namedHomes.flatMap(({ packages }) => packages).map((name) => ({ regex: `^${name}(/|$)`, message: reasons.browser }))]),
      // Handlers of events may be asynchronous: what they throw is kept by the query or mutation that they begin.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  // The stand-in for the vendors knows nothing of ours: it would only repeat our own misunderstandings.
  { files: ['sandbox/**/*.ts'], ignores: testFiles, rules: { ...importRule(oursExcept([])), ...noEnvironment } },
  // Tests use what they like, yet by the names and entry points that everybody uses.
  {
    files: testFiles.flatMap((pattern) => [`apps/${pattern}`, `libs/${pattern}`, `sandbox/${pattern}`]),
    rules: importRule(oursExcept([...everyLibrary, 'test-stack', 'sandbox', ...testEntryPoints])),
  },
  // Where the environment is read: the start of a process, its telemetry, and the jobs.
  {
    files: [
      'libs/service-kit/src/{service-config,telemetry}.ts', 'libs/test-stack/src/test-servers.ts',
      'sandbox/src/main.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
);
