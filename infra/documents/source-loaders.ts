import { pathToFileURL } from 'node:url';
import type { SourceLoader } from './openapi/request-schemas.ts';

/** Imports what a package's build made of a source file: Node strips types, yet does not know decorators. */
export const loadBuilt: SourceLoader = async (place) => {
  if (!place.endsWith('.ts')) return import(place);
  await import('reflect-metadata');
  return import(pathToFileURL(place.replace('/src/', '/dist/').replace(/\.ts$/, '.js')).href);
};

/** Imports the source itself, where decorators are known: in tests. */
export const loadSource: SourceLoader = (place) => import(place.endsWith('.ts') ? pathToFileURL(place).href : place);
