import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ROOT } from './launch/folders.mjs';
import { allocatorSettings } from './service-arguments.ts';

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const stages = dockerfile.split(/^FROM /m).slice(1);

describe('the image', () => {
  it('sets the allocator as the launcher does', () => {
    expect(dockerfile).toContain(`ENV ${Object.entries(allocatorSettings).map(([name, value]) => `${name}=${value}`).join(' ')}\n`);
  });

  it('is built upon one version of Node, which the code runs on and which does not move', () => {
    const [, version = ''] = /^ARG NODE_IMAGE=node:(\d+\.\d+\.\d+)-/m.exec(dockerfile) ?? [];
    const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
    expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
    expect(stages.map((stage) => stage.split(/\s/)[0])).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}', 'services', 'services']);
  });

  it('runs as nobody special, holds no tools of the build, and lists what is in it', () => {
    const [build = '', services = ''] = stages;
    expect(services).toMatch(/^USER node$/m);
    expect(services).toMatch(/^ENTRYPOINT \["node"\]$/m);
    expect(services.match(/^COPY .*$/gm)).toEqual(['COPY --from=build /image ./']);
    expect(build).toContain('npm prune --omit=dev');
    expect(build).toContain('> /image/sbom.cdx.json');
  });

  it('is given nothing of the machine that builds it but what it is built from', () => {
    const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    expect(lines.filter((line) => line.startsWith('!')).filter((line) => /crossdock|git|env|secret|\.npmrc/.test(line))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining(['**/dist', '**/node_modules']));
  });
});
