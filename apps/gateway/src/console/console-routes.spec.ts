import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { routeConsole } from './console-routes.ts';

const page = '<!doctype html><title>Console</title>';
const script = 'console.log("hello");'.repeat(50);

describe('the console at the gateway', () => {
  const server = fastify();
  const folder = mkdtempSync(join(tmpdir(), 'console-'));

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), page);
    writeFileSync(join(folder, 'assets', 'index-1a2b.js'), script);
    routeConsole(server, folder);
    await server.ready();
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['/console', '/console/', '/console/connections?connection=1', '/console/index.html', '/console/../console/orders'])('is the one page at %s', async (url) => {
    const answer = await server.inject(url);
    expect([answer.statusCode, answer.body]).toEqual([200, page]);
  });

  it('runs its own files alone, in no frame, and is asked for anew each time', async () => {
    const { headers } = await server.inject('/console');
    const policy = String(headers['content-security-policy']);
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]) expect(policy).toContain(part);
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    const again = await server.inject({ url: '/console', headers: { 'if-none-match': String(headers.etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('gives its files for good, compressed to whoever takes that', async () => {
    const plain = await server.inject('/console/assets/index-1a2b.js');
    expect(plain.body).toBe(script);
    expect(plain.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' });
    const compressed = await server.inject({ url: '/console/assets/index-1a2b.js', headers: { 'accept-encoding': 'gzip, br;q=0.9' } });
    expect(brotliDecompressSync(compressed.rawPayload).toString()).toBe(script);
    const refused = await server.inject({ url: '/console/assets/index-1a2b.js', headers: { 'accept-encoding': 'br;q=0' } });
    expect(refused.body).toBe(script);
  });

  it.each(['/console/assets/index-0000.js', '/console/assets/..%2findex.html', '/console/assets/', '/console/%2e%2e/package.json'])('has nothing at %s', async (url) => {
    expect((await server.inject(url)).statusCode).toBe(404);
  });

  it('is not there where it was not built', async () => {
    const without = fastify();
    routeConsole(without, join(folder, 'nowhere'));
    expect((await without.inject('/console')).statusCode).toBe(404);
    await without.close();
  });
});
