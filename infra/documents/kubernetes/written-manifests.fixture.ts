import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../../launch/folders.mjs';

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }).optional(),
  spec: z.looseObject({}).optional(),
});
export type WrittenManifest = z.infer<typeof manifestSchema> & { readonly file: string };

/** All objects that are committed below `k8s`, with the file of each, by path from there. */
export function writtenManifests(): WrittenManifest[] {
  const folder = join(ROOT, 'k8s');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => ({ ...manifestSchema.parse(document.toJS()), file })));
}
