import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './launch/folders.mjs';
import { allocatorSettings, nodeArguments } from './service-arguments.ts';
import { SERVICES } from './services.ts';

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

describe('the image', () => {
  it.each(SERVICES.map(({ name }) => name))('starts %s as the launcher does', (name) => {
    const [, command = ''] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
    const [shell = '', option = '', script = ''] = JSON.parse(command) as string[];
    const shown = execFileSync(shell, [option, script.replace('exec node', 'echo')], { env: { CROSSDOCK_APP: name } }).toString().trim();
    expect(shown.split(' ')).toEqual([...nodeArguments(name), `apps/${name}/dist/main.js`]);
  });

  it('sets the allocator as the launcher does', () => {
    expect(dockerfile).toContain(`ENV ${Object.entries(allocatorSettings).map(([name, value]) => `${name}=${value}`).join(' ')}\n`);
  });
});
