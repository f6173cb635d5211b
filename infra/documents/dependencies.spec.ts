import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

const versionsSchema = z.record(z.string(), z.string());
const { dependencies, devDependencies } = z.object({ dependencies: versionsSchema, devDependencies: versionsSchema })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
const page = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');

const lock = z.object({ packages: z.record(z.string(), z.looseObject({ license: z.string().optional(), dev: z.boolean().default(false), link: z.boolean().default(false) })) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
/** Licences that ask for no more than to be named; what stands in brackets offers one of them. */
const allowedLicences = ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', '(MIT OR CC0-1.0)', 'Apache-2.0 AND MIT'];
/** These are used to build and test and go into no image. */
const allowedForDevelopment = [...allowedLicences, 'Python-2.0', 'CC-BY-4.0', 'CC0-1.0', 'PSF-2.0', 'MPL-2.0', 'Unlicense'];

/** The rows of a section's table: the packages of the first cell, and the last cell with their versions. */
function rowsOf(section: string): Array<{ readonly packages: string[]; readonly versions: string }> {
  const text = page.split(`## ${section}\n`).at(1)?.split('\n## ').at(0) ?? '';
  return text.split('\n').filter((line) => line.startsWith('| `')).map((line) => {
    const cells = line.split(' | ');
    return { packages: [...(cells.at(0) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''), versions: cells.at(-1) ?? '' };
  });
}

describe.each([['At run time', dependencies], ['For development', devDependencies]] as const)('the page of dependencies: %s', (section, wanted) => {
  it('names every package of package.json once, and no other', () => {
    expect(rowsOf(section).flatMap(({ packages }) => packages).sort()).toEqual(Object.keys(wanted).sort());
  });

  it('names the version in use, which is pinned exactly', () => {
    for (const { packages, versions } of rowsOf(section)) {
      for (const name of packages) {
        expect({ name, version: wanted[name] }).toEqual({ name, version: expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/) });
        expect({ name, versions }).toEqual({ name, versions: expect.stringContaining(wanted[name] ?? '') });
      }
    }
  });
});

describe('a package under a licence that was not agreed to', () => {
  const installed = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);

  it('is not among those that are installed', () => {
    expect(installed.length).toBeGreaterThan(100);
    const foreign = installed.filter(([, { license, dev }]) => !(dev ? allowedForDevelopment : allowedLicences).includes(license ?? 'none'));
    expect(foreign.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});
