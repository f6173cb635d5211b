import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { allowedImports, namedHomes, services } from '../../eslint.config.mjs';
import { ROOT } from '../launch/folders.mjs';

/** The project's own rules; without those that ask for types, the text needs no place in a TypeScript project. */
const eslint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });
const boundaryRules = ['@typescript-eslint/no-restricted-imports', 'no-restricted-properties', 'no-restricted-syntax'];

/** The boundary rules that a text breaks where it stands in the file. */
async function broken(file: string, text: string): Promise<string[]> {
  const results = await eslint.lintText(text, { filePath: file });
  const messages = results.flatMap((result) => result.messages);
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return [...new Set(messages.flatMap(({ ruleId }) => (ruleId !== null && boundaryRules.includes(ruleId) ? [ruleId] : [])))];
}

const libraries = Object.keys(allowedImports);
const packageOf = (library: string): string => `@crossdock/${library.replace('vendors/', 'vendor-')}`;
const fileOf = (folder: string): string => `${folder}/src/example.ts`;
const importOf = (specifier: string): string => `import { thing } from '${specifier}';\nthing();\n`;
const typeImportOf = (specifier: string): string => `import type { Thing } from '${specifier}';\nexport type Other = Thing;\n`;
const imports = ['@typescript-eslint/no-restricted-imports'];

describe('the packages of ours', () => {
  it.each(Object.entries(allowedImports))('let %s build upon its own list and on nothing else', async (library, allowed: string[]) => {
    for (const other of libraries) {
      const expected = allowed.includes(other) ? [] : imports;
      expect({ other, broken: await broken(fileOf(`libs/${library}`), importOf(packageOf(other))) }).toEqual({ other, broken: expected });
    }
    expect(await broken(fileOf(`libs/${library}`), typeImportOf('@crossdock/orders'))).toEqual(imports);
  });

  it.each([
    ['a vendor from another one', 'libs/vendors/hubspot', '@crossdock/vendor-shippo'],
    ['anything of ours from contracts', 'libs/contracts', '@crossdock/tenancy'],
    ['an app from another one', 'apps/orders', '@crossdock/shipping'],
    ['the test stack from an app', 'apps/orders', '@crossdock/test-stack'],
    ['the sandbox from an app', 'apps/gateway', '@crossdock/sandbox'],
    ['infra from a library', 'libs/service-kit', '@crossdock/infra'],
    ['anything of ours from the sandbox', 'sandbox', '@crossdock/contracts'],
    ['a file behind an entry point', 'apps/orders', '@crossdock/connections/src/vault-keys.ts'],
    ['built code behind an entry point', 'apps/orders', '@crossdock/connections/dist/vault-keys.js'],
    ['an entry point for tests', 'libs/crm-service', '@crossdock/crm-connector/conformance'],
    ['another library by its path', 'libs/vendors/hubspot', '../../shippo/src/shippo.client.ts'],
    ['another app by its path', 'apps/orders', '../../shipping/src/shipments/shipment.service.ts'],
    ['another app’s built code by its path', 'apps/orders', '../../shipping/dist/shipment.service.js'],
    ['a library by its path from the root', 'apps/orders', '../../../libs/contracts/src/index.ts'],
    ['infra by its path', 'apps/orders', '../../../infra/services.ts'],
  ])('refuse %s', async (_, folder, specifier) => {
    expect(await broken(fileOf(folder), importOf(specifier))).toEqual(imports);
    expect(await broken(fileOf(folder), typeImportOf(specifier))).toEqual(imports);
    expect(await broken(fileOf(folder), `export { thing } from '${specifier}';\n`)).toEqual(imports);
  });

  it('are imported statically only, so that nothing slips past the rules', async () => {
    const text = "export const client = await import('@crossdock/vendor-shippo');\n";
    expect(await broken(fileOf('libs/vendors/hubspot'), text)).toEqual(['no-restricted-syntax']);
    expect(await broken(fileOf('apps/orders'), text)).toEqual(['no-restricted-syntax']);
  });

  it('are open to tests by name, yet not past their entry points', async () => {
    const test = 'apps/orders/src/example.it.spec.ts';
    expect(await broken(test, importOf('@crossdock/test-stack'))).toEqual([]);
    expect(await broken(test, importOf('@crossdock/sandbox'))).toEqual([]);
    expect(await broken(test, importOf('@crossdock/connections/src/vault-keys.ts'))).toEqual(imports);
    expect(await broken(test, importOf('../../shipping/src/shipments/shipment.service.ts'))).toEqual(imports);
  });

  it('may be left alone: paths inside one package are free', async () => {
    expect(await broken('apps/gateway/src/ingest/sources/example.ts', importOf('../../gateway.config.ts'))).toEqual([]);
  });
});

describe('libraries of others', () => {
  const cases = namedHomes.flatMap(({ packages, homes = [], types = [], apps = [] }) =>
    packages.map((name) => ({ name, values: [...homes.map((home) => `libs/${home}`), ...apps.map((app) => `apps/${app}`)], types: types.map((library) => `libs/${library}`) })));
  const folders = [...libraries.map((library) => `libs/${library}`), ...services.map((service) => `apps/${service}`)];

  it.each(cases)('$name is imported at home only', async ({ name, values, types }) => {
    for (const folder of folders) {
      const refusedValue = values.includes(folder) ? [] : imports;
      const refusedType = types.includes(folder) ? [] : refusedValue;
      expect({ folder, value: await broken(fileOf(folder), importOf(name)) }).toEqual({ folder, value: refusedValue });
      expect({ folder, type: await broken(fileOf(folder), typeImportOf(`${name}/lib/part.js`)) }).toEqual({ folder, type: refusedType });
    }
  });

  it('names the clients of Kafka, PostgreSQL, Redis and HTTP, the framework and the vendors’ SDKs', () => {
    expect(namedHomes.flatMap(({ packages }) => packages).sort())
      .toEqual(['@hubspot/api-client', '@nestjs', '@nestjs/graphql', '@openfeature', 'graphql', 'ioredis', 'jsforce', 'kafkajs', 'mercurius', 'pg', 'shippo', 'typeorm', 'undici']);
  });
});

describe('the environment', () => {
  it.each([
    ['by name', 'export const url = process.env.DATABASE_URL;\n', 'no-restricted-properties'],
    ['by index', "export const url = process['env']['DATABASE_URL'];\n", 'no-restricted-properties'],
    ['taken apart', 'export const { env } = process;\n', 'no-restricted-properties'],
    ['from the module', "import { env } from 'node:process';\nexport const url = env.DATABASE_URL;\n", 'no-restricted-syntax'],
    ['from the module without its prefix', "import process from 'process';\nexport const url = process.argv;\n", 'no-restricted-syntax'],
  ])('is not read %s outside of where a process starts', async (_, text, rule) => {
    const places = ['libs/contracts', 'libs/vendors/shippo', 'libs/service-kit', 'apps/gateway', 'sandbox'];
    for (const place of places) expect(await broken(fileOf(place), text)).toEqual([rule]);
  });

  it('is read where a process starts', async () => {
    const text = 'export const url = process.env.DATABASE_URL;\n';
    for (const file of ['libs/service-kit/src/telemetry.ts', 'libs/service-kit/src/service-config.ts', 'sandbox/src/main.ts', 'infra/stack.ts']) {
      expect(await broken(file, text)).toEqual([]);
    }
  });
});
