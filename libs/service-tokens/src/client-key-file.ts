import { readFileSync } from 'node:fs';
import { parseJson } from '@crossdock/contracts';
import { z } from 'zod';
import { privateKeySchema, type Es256PrivateKey } from './es256-key.ts';

/**
 * Reads the private key by which a service names itself: a file with one P-256 private key as JWK.
 * @throws Error in one sentence that names the file and never its content.
 */
function readClientKeyFile(path: string): Es256PrivateKey {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`The client key file ${path} cannot be read`, { cause });
  }
  const key = privateKeySchema.safeParse(parseJson(content));
  if (!key.success) throw new Error(`The client key file ${path} must hold one private P-256 key as JSON Web Key`);
  return key.data;
}

/** A setting that names a client key file; the file is read when the configuration is. */
export const clientKeyFileSetting = z.string().min(1).transform((path, context) => {
  try {
    return readClientKeyFile(path);
  } catch (fault) {
    context.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'cannot be used' });
    return z.NEVER;
  }
});
