/* Lets a test start a process of its own on the sources: Node strips types, yet leaves decorators, which it does not know. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const { jsc: { rewriteRelativeImportExtensions: _, ...jsc }, module } = JSON.parse(readFileSync(new URL('../../.swcrc', import.meta.url), 'utf8'));

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, swcrc: false, configFile: false, jsc, module, sourceMaps: 'inline' });
    return { format: 'module', shortCircuit: true, source: code };
  },
});
