/** `npm run generate`: writes the documents and manifests that follow from the code, and refuses an event that breaks its consumers. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { breaksOfEvent, describeEvent, eventCatalogue, eventDescriptionSchema } from '@crossdock/contracts';
import { ROOT } from '../launch/folders.mjs';
import { runMain, SetupFault } from '../launch/setup-fault.mjs';
import { EVENTS_FOLDER } from './event-catalogue.ts';
import { generateDocuments } from './generated-documents.ts';
import { loadBuilt } from './source-loaders.ts';

await runMain(async () => {
  refuseBreaks();
  const documents = await generateDocuments(loadBuilt);
  const changed = [...documents].filter(([path, text]) => writeWhereNew(join(ROOT, path), text)).map(([path]) => path);
  process.stdout.write([`${documents.size} files generated, ${changed.length} changed`, ...changed, ''].join('\n'));
  return 0;
});

function refuseBreaks(): void {
  const folder = join(ROOT, EVENTS_FOLDER);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const breaks = files.flatMap((file) => {
    const type = basename(file, '.json');
    const definition = eventCatalogue.find((event) => event.type === type);
    if (definition === undefined) return [`${type}: the event was removed`];
    const released = eventDescriptionSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return breaksOfEvent(released, describeEvent(definition)).map((sentence) => `${type}: ${sentence}`);
  });
  if (breaks.length === 0) return;
  throw new SetupFault(`Released events would break; make a new major version beside the old one, or delete the file in ${EVENTS_FOLDER} if nothing has ever heard the event:\n  ${breaks.join('\n  ')}`);
}

/** Answers whether the file was not so before. */
function writeWhereNew(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}
