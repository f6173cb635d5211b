import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { DOWNLOADS, ROOT } from '../../launch/folders.mjs';
import { SANDBOX, SERVICES } from '../../services.ts';
import { configOf } from '../service-configs.ts';
import { settingsOf } from '../setting.ts';
import { composeSettingsOf, SETTINGS_FOLDER } from './container-addresses.ts';
import { SYSTEM_FILE, systemFile } from './system-file.ts';

const containerSchema = z.looseObject({
  image: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  env_file: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }))]).optional(),
  healthcheck: z.looseObject({}).optional(),
  read_only: z.boolean().optional(), cap_drop: z.array(z.string()).optional(), security_opt: z.array(z.string()).optional(),
});
const fileSchema = z.object({ services: z.record(z.string(), containerSchema), volumes: z.record(z.string(), z.unknown()) });

const system = fileSchema.parse(parse(systemFile()));
const servers = fileSchema.parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')));
const names = SERVICES.map(({ name }) => name);
const ours = [...names, SANDBOX.name];
const ofServers = Object.keys(servers.services);

/** A folder of its own: what a stack that runs beside this keeps its passwords in is not touched. */
const state = `compose-test-${process.pid}`;
const folder = join(DOWNLOADS, state);
const settings = new Map<string, ReadonlyMap<string, string>>();

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'infra', 'ops', 'main.ts'), 'compose', 'settings'], { encoding: 'utf8', env: { ...process.env, CROSSDOCK_STATE: state } });
  expect([status, stderr]).toEqual([0, '']);
  for (const file of readdirSync(join(folder, 'compose')).filter((name) => name.endsWith('.env'))) {
    const lines = readFileSync(join(folder, 'compose', file), 'utf8').split('\n').filter((line) => line !== '');
    settings.set(file.replace(/\.env$/, ''), new Map(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)])));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the system for Docker Compose', () => {
  it('has a container and a migration for each service, the sandbox, and what watches them', () => {
    expect(Object.keys(system.services).sort())
      .toEqual([...ofServers.filter((name) => name !== 'redis'), 'create-topics', ...names.map((name) => `migrate-${name}`), ...ours, 'otel-collector', 'tempo', 'prometheus', 'grafana'].sort());
  });

  it('starts each service when its servers are healthy, its tables are made and its topics are there', () => {
    for (const name of names) {
      expect(system.services[name]?.depends_on).toMatchObject({
        postgres: { condition: 'service_healthy' }, kafka: { condition: 'service_healthy' }, redis: { condition: 'service_healthy' },
        'create-topics': { condition: 'service_completed_successfully' }, [`migrate-${name}`]: { condition: 'service_completed_successfully' },
      });
      expect(system.services[name]?.healthcheck).toBeDefined();
    }
    const all = { ...servers.services, ...system.services };
    for (const { depends_on: needed = [] } of Object.values(all)) {
      for (const [name, { condition }] of Array.isArray(needed) ? [] : Object.entries(needed)) {
        const healthcheck = { ...servers.services[name], ...system.services[name] }.healthcheck;
        expect(condition === 'service_healthy' ? healthcheck : all[name]).toBeDefined();
      }
    }
  });

  it('gives no container of ours more rights than it needs, and opens no port beyond this machine', () => {
    for (const [name, container] of Object.entries(system.services)) {
      if (ofServers.includes(name)) continue;
      expect({ name, ...container }).toMatchObject({ name, read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      for (const port of container.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('names every image by a version that does not move, but for those that are built here', () => {
    const images = [...Object.values(servers.services), ...Object.values(system.services)].flatMap(({ image }) => image ?? []);
    for (const image of images) expect(image).toMatch(/:(v?\d+[\w.-]*|local)$/);
  });

  it('finds all that Compose asks the environment for among what is written for it', () => {
    const asked = [systemFile(), readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')].flatMap((text) => [...text.matchAll(/\$\{(\w+):\?/g)].map(([, variable]) => variable));
    const written = readFileSync(join(folder, 'compose.env'), 'utf8').split('\n').map((line) => line.split('=')[0]);
    expect(asked.length).toBeGreaterThan(4);
    expect(written).toEqual(expect.arrayContaining(asked));
  });

  it('mounts what is committed, or what is written with the settings', () => {
    const mounted = Object.values(system.services).flatMap(({ volumes = [] }) => volumes).map((volume) => volume.split(':')[0] ?? '').filter((path) => path.startsWith('./'));
    expect(mounted.length).toBeGreaterThan(4);
    const written = ours.flatMap((name) => composeSettingsOf(name).files.map((file) => `./${SETTINGS_FOLDER}/${file}`));
    expect(mounted.filter((path) => !existsSync(join(ROOT, path)) && !written.includes(path))).toEqual([]);
  });

  it.each(names)('sets all that %s must be given', async (name) => {
    const required = settingsOf(await configOf(name)).filter(({ isRequired }) => isRequired).map(({ variable }) => variable);
    expect([...settings.get(name)?.keys() ?? []]).toEqual(expect.arrayContaining(required));
  });

  it('has settings for every container that reads some, and none that leads to the machine it runs on', () => {
    const read = Object.values(system.services).flatMap(({ env_file: files = [] }) => files);
    expect([...new Set(read)].sort()).toEqual([...settings.keys()].map((name) => `${SETTINGS_FOLDER}/${name}.env`).sort());
    const local = [...settings].flatMap(([name, values]) => [...values].filter(([variable, value]) => !['PUBLIC_URL', 'SIGN_ON_URL'].includes(variable) && /127\.0\.0\.1|localhost/.test(value)).map(([variable]) => `${name}/${variable}`));
    expect(local).toEqual([]);
  });
});

describe('what Docker Compose is given to read', () => {
  /** In which order things stand, and that the image built here has a name, is ours to say. */
  const mattersOfTaste = [
    'service-keys-order', 'services-alphabetical-order', 'service-dependencies-alphabetical-order', 'top-level-properties-order', 'no-quotes-in-volumes', 'require-quotes-in-ports', 'require-project-name-field', 'no-build-and-image',
  ];
  const reportSchema = z.array(z.looseObject({ filePath: z.string(), messages: z.array(z.looseObject({ rule: z.string(), message: z.string() })) }));

  function faultsOf(...files: readonly string[]): string[] {
    const report = join(folder, 'report.json');
    const linter = join(ROOT, 'node_modules', 'dclint', 'bin', 'dclint.cjs');
    spawnSync(process.execPath, [linter, ...files, '--formatter', 'json', '--output-file', report, '--disable-rule', ...mattersOfTaste]);
    const seen = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    rmSync(report);
    expect(seen).toHaveLength(files.length);
    return seen.flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`));
  }

  it('fits the Compose Specification and its linter’s rules', () => {
    expect(faultsOf(join(ROOT, 'docker-compose.yml'), join(ROOT, SYSTEM_FILE))).toEqual([]);
  });

  it.each([
    ['a setting that Compose does not know', { services: { gateway: { image: 'crossdock:1', health_check: { test: ['NONE'] } } } }, 'additional properties'],
    ['a wrong type', { services: { gateway: { image: 'crossdock:1', read_only: ['yes'] } } }, 'read_only'],
    ['a container that waits for what is no condition', { services: { gateway: { image: 'crossdock:1', depends_on: { kafka: { condition: 'service_ready' } } } } }, 'depends_on'],
    ['an image whose version moves', { services: { gateway: { image: 'crossdock:latest' } } }, 'latest'],
  ])('would be refused with %s', (_fault, file, named) => {
    const path = join(folder, 'faulty-compose.yml');
    writeFileSync(path, stringify(file));
    expect(faultsOf(path)).toEqual([expect.stringContaining(named)]);
  });
});
