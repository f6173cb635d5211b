import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ROOT } from '../launch/folders.mjs';
import { BUNDLES } from './programs.mjs';

/**
 * A bundled module of ours keeps its place: stack traces name the line of its source, by the map that swc wrote, and `import.meta.url` is its own address in its package's `dist`, from
 * which it looks for files. Modules of packages have no map: Node holds each map in memory, and those would name files that nobody has.
 * @type {import('rolldown').Plugin}
 */
export const sourcePlaces = {
  name: 'source-places',
  load: {
    filter: { id: /\.[cm]?js$/ },
    handler(path) {
      const code = readFileSync(path, 'utf8');
      if (path.includes(`${sep}node_modules${sep}`)) return { code, map: { mappings: '' } };
      const place = relative(join(ROOT, BUNDLES), path).split(sep).join('/');
      return { code: code.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`), map: readFileSync(`${path}.map`, 'utf8') };
    },
  },
};
