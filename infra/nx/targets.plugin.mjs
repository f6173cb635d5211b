import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Gives every workspace package that has a `src` folder a cached `build` target: swc turns `src` into `dist`, tests left out; Vite does it for what runs in browsers.
 * A package is built without looking at another one, so builds need no order.
 * @type {import('nx/src/devkit-exports').CreateNodesV2}
 */
export const createNodesV2 = [
  '{apps,libs,sandbox,crash}/**/package.json',
  (packageFiles, _options, { workspaceRoot }) =>
    packageFiles
      .map((file) => ({ file, root: dirname(file) }))
      .filter(({ root }) => existsSync(join(workspaceRoot, root, 'src')))
      .map(({ file, root }) => {
        const build = existsSync(join(workspaceRoot, root, 'vite.config.ts')) ? pageTarget(root) : buildTarget(root);
        return [file, { projects: { [root]: { root, targets: { build } } } }];
      }),
];

/**
 * @param {string} root the package's folder, relative to the repository's root
 */
function buildTarget(root) {
  return {
    command: `swc src --out-dir dist --strip-leading-paths --config-file ${relative(root, '.swcrc')} --ignore '**/*.spec.ts' --delete-dir-on-start --quiet`,
    options: { cwd: root },
    cache: true,
    inputs: ['sources', { externalDependencies: ['@swc/core', '@swc/cli'] }],
    outputs: ['{projectRoot}/dist'],
  };
}

/**
 * @param {string} root the package's folder, relative to the repository's root
 */
function pageTarget(root) {
  return {
    command: 'vite build --logLevel warn',
    options: { cwd: root },
    cache: true,
    inputs: ['sources', '{projectRoot}/index.html', '{projectRoot}/vite.config.ts', '{projectRoot}/tsconfig.json', { externalDependencies: ['vite'] }],
    outputs: ['{projectRoot}/dist'],
  };
}
