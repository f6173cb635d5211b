import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ROOT } from '../launch/folders.mjs';
import { BUNDLES } from './programs.mjs';

/** What is in a package of somebody else's. */
export const packageModule = /\/node_modules\//;

/**
 * A bundled module of ours keeps its place: stack traces name the line of its source, by the map that swc wrote, and `import.meta.url` is its own address in its package's `dist`, from
 * which it looks for files.
 * @type {import('rolldown').Plugin}
 */
export const sourcePlaces = {
  name: 'source-places',
  load: {
    filter: { id: { include: /\/dist\/.*\.js$/, exclude: packageModule } },
    handler(path) {
      const place = relative(join(ROOT, BUNDLES), path).split(sep).join('/');
      const code = readFileSync(path, 'utf8').replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`);
      return { code, map: readFileSync(`${path}.map`, 'utf8') };
    },
  },
  // Node holds in memory each map and the length of each line that it is about. Those of packages would name files that nobody has.
  generateBundle(_options, output) {
    for (const [name, file] of Object.entries(output)) {
      if (file.type !== 'chunk' || !Object.keys(file.modules).every((path) => packageModule.test(path))) continue;
      delete output[`${name}.map`];
      file.code = file.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    }
  },
};
