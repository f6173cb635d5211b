import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../launch/folders.mjs';
import { EVENTS_FOLDER } from './event-catalogue.ts';
import { generateDocuments } from './generated-documents.ts';
import { GENERATED_FOLDER } from './kubernetes/kubernetes-files.ts';
import { launcherSettings, sandboxSettings } from './launcher-settings.ts';
import { loadSource } from './source-loaders.ts';

describe('what is generated from the code', () => {
  let documents: Map<string, string>;
  beforeAll(async () => {
    documents = await generateDocuments(loadSource);
  });

  it('is committed as it would be generated now (npm run generate writes it)', () => {
    const outdated = [...documents].filter(([path, text]) => readIfThere(path) !== text).map(([path]) => path);
    expect(outdated).toEqual([]);
  });

  it.each([EVENTS_FOLDER, GENERATED_FOLDER])('is all there is in %s', (folder) => {
    const expected = [...documents.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
    expect(readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`).sort()).toEqual(expected);
  });
});

describe('the configuration page', () => {
  it('names every variable that the launcher reads', () => {
    const read = sourcesOf('infra').flatMap((source) => [...source.matchAll(/(?:given|environment|process\.env)\['([A-Z_]+)'\]|variable: '([A-Z_]+)'/g)])
      .map(([, indexed, wished]) => indexed ?? wished);
    const ofEveryMachine = ['PATH', 'HOME'];
    const documented = [...launcherSettings.values()].flat().map(({ variable }) => variable);
    expect(read.length).toBeGreaterThan(10);
    expect([...documented, ...ofEveryMachine]).toEqual(expect.arrayContaining(read));
  });

  it('names every variable that the sandbox reads, and no other', () => {
    const source = readFileSync(join(ROOT, 'sandbox', 'src', 'main.ts'), 'utf8');
    const read = [...source.matchAll(/^ {2}([A-Z_]+): z\./gm)].map(([, variable]) => variable);
    expect(sandboxSettings.map(({ variable }) => variable).sort()).toEqual(read.sort());
  });
});

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** The program texts of a folder, without tests and what only describes. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/\.(spec|fixture)\.ts$|^(documents|jest)\//.test(file))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'));
}
