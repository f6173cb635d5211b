import { observabilityFiles } from '../observability/observability-files.ts';
import { SYSTEM_FILE, systemFile } from './compose/system-file.ts';
import { configurationPage } from './configuration.ts';
import { eventCatalogueFiles } from './event-catalogue.ts';
import { graphSchemaFile } from './graph-schema.ts';
import { kubernetesFiles } from './kubernetes/kubernetes-files.ts';
import { openApiFiles } from './openapi/openapi-files.ts';
import type { SourceLoader } from './openapi/request-schemas.ts';
import { metricsPage } from './metrics-page.ts';
import { orderStatesPage } from './order-states.ts';

/** Everything that is written from the code: text by path from the repository's root. */
export async function generateDocuments(load: SourceLoader): Promise<Map<string, string>> {
  return new Map([
    ...eventCatalogueFiles(),
    ['docs/configuration.md', await configurationPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/order-states.md', await orderStatesPage()],
    await graphSchemaFile(load),
    ...await kubernetesFiles(),
    [SYSTEM_FILE, systemFile()],
    ...observabilityFiles(),
    ...await openApiFiles(load),
  ]);
}
