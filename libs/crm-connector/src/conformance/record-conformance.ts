import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeChanges } from './changes.ts';
import { describeReading } from './reading.ts';
import { RecordSuite, type RecordWorld } from './record-world.ts';
import { describeTrouble } from './trouble.ts';
import { describeWriting } from './writing.ts';

/** What every connector must hold to. Each vendor's library runs this against its stand-in. */
export function describeRecordConnector(name: string, build: () => Promise<RecordWorld>): void {
  describe(`the records of ${name}`, () => {
    let suite: RecordSuite;
    beforeAll(async () => {
      suite = new RecordSuite(await build());
    }, 60_000);
    afterAll(() => suite.world.stop());

    describeWriting(() => suite);
    describeReading(() => suite);
    describeChanges(() => suite);
    describeTrouble(() => suite);
  });
}
export type { PersonAtCrm, RecordWorld } from './record-world.ts';
