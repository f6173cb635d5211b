import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, vendors } from '@crossdock/contracts';
import { allowedImports, services } from '../../eslint.config.mjs';
import { ROOT } from '../launch/folders.mjs';

const order = new Map<string, readonly string[]>(Object.entries(allowedImports));

/** The folders that are packages. */
function packagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => existsSync(join(ROOT, folder, name, 'package.json')));
}

/** A way from a library back to itself, or undefined. */
function findCycle(library: string, path: readonly string[] = []): readonly string[] | undefined {
  if (path.includes(library)) return [...path, library];
  return order.get(library)?.map((next) => findCycle(next, [...path, library])).find((cycle) => cycle !== undefined);
}

describe('the order of the libraries', () => {
  it('names each library that exists, and no other', () => {
    const folders = [...packagesIn('libs'), ...packagesIn('libs/vendors').map((name) => `vendors/${name}`)];
    expect([...order.keys()].sort()).toEqual(folders.sort());
    expect(folders).toEqual(expect.arrayContaining([...order.values()].flat()));
  });

  it('has no cycle', () => {
    expect([...order.keys()].map((library) => findCycle(library)).filter((cycle) => cycle !== undefined)).toEqual([]);
  });

  it('lets nothing build upon a service or on the test stack', () => {
    expect([...order.values()].flat().filter((library) => library === 'test-stack' || services.includes(library))).toEqual([]);
  });

  it('stands on contracts that build upon nothing', () => {
    expect(order.get('contracts')).toEqual([]);
  });
});

describe('what exists', () => {
  it('is known to the import rules: every service', () => {
    expect([...services].sort()).toEqual([...serviceNames].sort());
  });

  it('is known to the contracts: every vendor', () => {
    expect(packagesIn('libs/vendors').sort()).toEqual([...vendors].sort());
  });

  it('has a place at the edge for every vendor whose library verifies webhooks, and for no other', () => {
    const verifying = vendors.filter((vendor) => existsSync(join(ROOT, `libs/vendors/${vendor}/src/${vendor}.webhook-signature.ts`)));
    const sources = readdirSync(join(ROOT, 'apps/gateway/src/ingest/sources')).filter((file) => file.endsWith('.webhook-source.ts'));
    expect(verifying).not.toEqual([]);
    expect(sources.map((file) => file.replace('.webhook-source.ts', '')).sort()).toEqual([...verifying].sort());
  });
});
