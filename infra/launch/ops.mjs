import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackages } from './build.mjs';
import { provideDependencies } from './dependencies.mjs';
import { ROOT } from './folders.mjs';
import { provideNode } from './node-runtime.mjs';
import { runMain } from './setup-fault.mjs';

/** `npm run ops`: nothing but the command's own words is printed, so that its output can be read by a program. */
await runMain(async () => {
  const nodePath = await provideNode(quiet);
  await provideDependencies(nodePath, quiet);
  if (!existsSync(join(ROOT, 'libs', 'service-tokens', 'dist', 'index.js'))) await buildPackages(nodePath, quiet);
  const child = spawn(nodePath, [join(ROOT, 'infra', 'ops', 'main.ts'), ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
});

function quiet() {
  // The steps are only of interest where they fail, and then they say so.
}
