import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly brotli: Buffer;
  /** Strong, of the bytes. */
  readonly etag: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * All files of the console's build by their path below it, such as `assets/index-1a2b.js`. They are few and small, so they are read and compressed once:
 * no request names a file of the disk.
 * @returns nothing where the console was not built.
 * @throws Error for a kind of file that has no content type here.
 */
export function readConsoleFiles(folder: string): ReadonlyMap<string, ConsoleFile> {
  if (!existsSync(join(folder, 'index.html'))) return new Map();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(found.map(({ parentPath, name }) => {
    const path = relative(folder, join(parentPath, name)).split(sep).join('/');
    return [path, consoleFile(path, readFileSync(join(parentPath, name)))];
  }));
}

function consoleFile(path: string, bytes: Buffer): ConsoleFile {
  const contentType = contentTypes[extname(path)];
  if (contentType === undefined) throw new Error(`${path} of the console is of no known kind.`);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { contentType, bytes, brotli, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}
