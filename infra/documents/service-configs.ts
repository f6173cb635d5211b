import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

/** The configuration schema of a service, which is the only thing its `<service>.config.ts` exports as a zod object. */
export async function configOf(service: string): Promise<z.ZodObject> {
  const file = join(ROOT, 'apps', service, 'src', `${service}.config.ts`);
  const exported = Object.values(z.record(z.string(), z.unknown()).parse({ ...await import(pathToFileURL(file).href) }));
  const [schema, ...others] = exported.filter((value) => value instanceof z.ZodObject);
  if (schema === undefined || others.length > 0) throw new Error(`${file} must export one zod object, the service's configuration.`);
  return schema;
}
