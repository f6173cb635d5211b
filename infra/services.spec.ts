import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@crossdock/contracts';
import { ROOT } from './launch/folders.mjs';
import { SANDBOX, SERVICES, variableName } from './services.ts';

describe('the list of services', () => {
  it('names every folder of apps but the console, which the gateway serves, and nothing else', () => {
    expect([...SERVICES.map(({ name }) => name), 'console'].sort()).toEqual(readdirSync(join(ROOT, 'apps')).sort());
  });

  it('is the list that the contracts know', () => {
    expect(SERVICES.map(({ name }) => name).sort()).toEqual([...serviceNames].sort());
  });

  it('gives every process ports of its own', () => {
    const ports = [...SERVICES.flatMap(({ port, internalPort }) => [port, internalPort]), SANDBOX.port];
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('lets services call only services that exist', () => {
    const called = SERVICES.flatMap(({ grant }) => grant?.audiences ?? []);
    expect(SERVICES.map(({ name }) => name)).toEqual(expect.arrayContaining(called));
  });

  it('writes names in environment variables with underscores', () => {
    expect(variableName('crm-hubspot')).toBe('CRM_HUBSPOT');
  });
});
