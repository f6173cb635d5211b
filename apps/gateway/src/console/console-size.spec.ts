import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readConsoleFiles } from './console-files.ts';

const mostBytes = 200_000;

describe('the console as it is built', () => {
  const files = readConsoleFiles(fileURLToPath(new URL('../../../console/dist/', import.meta.url)));
  const page = files.get('index.html')?.bytes.toString() ?? '';
  const scripts = [...page.matchAll(/(?:src|href)="\/console\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');

  it('is there: npx nx run-many --target=build makes it', () => {
    expect([page === '', scripts.length > 0]).toEqual([false, true]);
  });

  it('has no script and no style in the page itself', () => {
    expect(page.match(/<script(?![^>]+src=)|<style|\son\w+=|style=/)).toBeNull();
  });

  it(`loads at most ${mostBytes / 1_000} kB of compressed script at first, the largest of its pages among it`, () => {
    const bytes = (path: string): number => gzipSync(files.get(path)?.bytes ?? Buffer.alloc(0)).length;
    const loaded = scripts.reduce((sum, path) => sum + bytes(path), 0);
    const later = [...files.keys()].filter((path) => path.endsWith('.js') && !scripts.includes(path)).map(bytes);
    expect(loaded).toBeGreaterThan(10_000);
    expect(loaded + Math.max(...later)).toBeLessThanOrEqual(mostBytes);
  });
});
