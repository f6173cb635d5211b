import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { STATE } from './launch/folders.mjs';

const SECRETS_FILE = join(STATE, 'secrets.json');
const secretsSchema = z.record(z.string(), z.string());

/** Answers the secret of this name, made and kept (readable by its owner only) at the first call. */
export function secret(name: string, make: () => string = randomPassword): string {
  const kept = existsSync(SECRETS_FILE) ? secretsSchema.parse(JSON.parse(readFileSync(SECRETS_FILE, 'utf8'))) : {};
  const known = kept[name];
  if (known !== undefined) return known;
  const made = make();
  writePrivateFile(SECRETS_FILE, JSON.stringify({ ...kept, [name]: made }, undefined, 2));
  return made;
}

/** Replaces a file as a whole, readable by its owner only. */
export function writePrivateFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, path);
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}
