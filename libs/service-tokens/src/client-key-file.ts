import { readFile } from 'node:fs/promises';
import { privateKeySchema, type Es256PrivateKey } from './es256-key.ts';

/**
 * Reads the private key by which a service names itself: a file with one P-256 private key as JWK.
 * @throws Error in one sentence that names the file and never its content.
 */
export async function readClientKeyFile(path: string): Promise<Es256PrivateKey> {
  const content = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`The client key file ${path} cannot be read.`, { cause });
  });
  const key = privateKeySchema.safeParse(parseJson(content));
  if (!key.success) throw new Error(`The client key file ${path} must hold one private P-256 key as JSON Web Key.`);
  return key.data;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
