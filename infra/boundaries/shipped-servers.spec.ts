import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { kubernetesFiles } from '../documents/kubernetes/kubernetes-files.ts';
import { ROOT } from '../launch/folders.mjs';

const composeSchema = z.object({
  services: z.record(z.string(), z.looseObject({
    ports: z.array(z.string()), environment: z.record(z.string(), z.union([z.string(), z.number()])), command: z.array(z.string()).optional(),
  })),
});
const containersSchema = z.array(z.looseObject({ env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]) }));
const manifestSchema = z.looseObject({
  data: z.record(z.string(), z.string()).optional(), spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers: containersSchema }) }).optional() }).optional(),
});

const text = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

describe('the servers of the Compose file', () => {
  const { services } = composeSchema.parse(parse(text('docker-compose.yml')));

  it('are reached with a password that has no default, or not at all, and from this machine only', () => {
    const [postgres, redis] = [services['postgres'], services['redis']];
    expect(postgres?.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{CROSSDOCK_POSTGRES_PASSWORD:\?/);
    expect(postgres?.environment['POSTGRES_INITDB_ARGS']).toContain('--auth-host=scram-sha-256');
    expect(postgres?.environment['POSTGRES_HOST_AUTH_METHOD']).toBeUndefined();
    expect(redis?.environment['REDISCLI_AUTH']).toMatch(/^\$\{CROSSDOCK_REDIS_PASSWORD:\?/);
    expect(redis?.command?.join(' ')).toContain("requirepass %s");
    for (const [name, { ports }] of Object.entries(services)) expect({ name, strangers: ports.filter((port) => !port.startsWith('127.0.0.1:')) }).toEqual({ name, strangers: [] });
  });
});

describe('the Kubernetes files', () => {
  const secret = /^(DATABASE_URL|DATABASE_ADMIN_URL|REDIS_URL|KAFKA_PASSWORD|VAULT_KEYS|.*_SECRETS?)$/;

  it('hold no password and no address with one: those come from Secrets', async () => {
    const files = [...await kubernetesFiles()].filter(([path]) => path.endsWith('.yaml')).flatMap(([, content]) => parseAllDocuments(content).map((document) => manifestSchema.parse(document.toJS())));
    const variables = files.flatMap(({ spec }) => spec?.template?.spec.containers.flatMap(({ env }) => env) ?? []);
    expect(variables.filter(({ name }) => name === 'REDIS_URL').length).toBeGreaterThan(0);
    expect(variables.filter(({ name, value }) => secret.test(name) && value !== undefined)).toEqual([]);
    expect(files.flatMap(({ data = {} }) => Object.keys(data)).filter((name) => secret.test(name))).toEqual([]);
  });
});
