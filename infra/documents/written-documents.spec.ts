import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../launch/folders.mjs';

const folders = ['apps', 'crash', 'docs', 'infra', 'k8s', 'libs', 'sandbox'];
const files = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...folders.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`)),
].filter((file) => !/(^|\/)(node_modules|dist)\//.test(file));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('links between documents', () => {
  it.each(files.filter((file) => file.endsWith('.md')))('of %s lead somewhere', (file) => {
    const targets = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^(https?:|#)/.test(target));
    const dead = targets.filter((target) => !existsSync(join(ROOT, dirname(file), target.replace(/#.*$/, ''))));
    expect(dead).toEqual([]);
  });
});

describe.each(['docs/architecture.md', 'docs/security.md'])('the promises of %s', (page) => {
  const rows = read(page).split('\n').filter((line) => /^\| .*`: "/.test(line));
  const named = rows.flatMap((row) => [...row.matchAll(/`([\w.-]+)`: ((?:"[^"]+"(?:, )?)+)/g)])
    .flatMap(([, file = '', sentences = '']) => [...sentences.matchAll(/"([^"]+)"/g)].map(([, sentence = '']) => [file, sentence] as const));

  it('are many', () => {
    expect(named.length).toBeGreaterThan(10);
  });

  it.each(named)('are shown by %s: %s', (name, sentence) => {
    const tests = files.filter((file) => file.endsWith(`/${name}.spec.ts`)).map(read);
    // Also where it is said of each of several: `it.each([…])('…'`.
    expect(tests.filter((test) => test.split('\n').some((line) => /\bit\b/.test(line) && line.includes(`('${sentence}'`)))).toHaveLength(1);
  });
});
