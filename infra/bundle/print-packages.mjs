/** Prints the packages that an image holds beside the bundles, for its Dockerfile. */
import { foldersOfInstrumentedPackages } from './instrumented-packages.mjs';

process.stdout.write(`${foldersOfInstrumentedPackages().join('\n')}\n`);
