import { eventCatalogue } from './catalogue.ts';
import type { EventDefinition } from './event-definition.ts';

/** An event's data with the version that they are of. */
interface VersionedData {
  readonly definition: EventDefinition;
  readonly data: unknown;
}

/** Brings data that fit their definition up to the newest version that the catalogue knows, step by step. Whether they fit that one is the caller's to check. */
export function upgradeEvent({ definition, data }: VersionedData, catalogue: readonly EventDefinition[] = eventCatalogue): VersionedData {
  const successor = catalogue.find(succeeds(definition.type));
  if (!successor?.predecessor) return { definition, data };
  return upgradeEvent({ definition: successor, data: successor.predecessor.upgrade(data) }, catalogue);
}

/** The type of the next major version of an event, in whose favour it is deprecated; undefined for the newest. */
export function successorOf(type: string, catalogue: readonly EventDefinition[] = eventCatalogue): string | undefined {
  return catalogue.find(succeeds(type))?.type;
}

function succeeds(type: string): (definition: EventDefinition) => boolean {
  return ({ predecessor }) => predecessor?.definition.type === type;
}

/** The types of the older versions of an event: whoever hears it hears those as well. */
export function olderTypesOf(type: string, catalogue: readonly EventDefinition[] = eventCatalogue): string[] {
  const older = catalogue.find((definition) => definition.type === type)?.predecessor?.definition.type;
  return older === undefined ? [] : [older, ...olderTypesOf(older, catalogue)];
}
