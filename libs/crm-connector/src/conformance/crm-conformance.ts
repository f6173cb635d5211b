import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeAccount } from './account.ts';
import { describeChanges } from './changes.ts';
import { CrmSuite, type CrmWorld } from './crm-world.ts';
import { describeReading } from './reading.ts';
import { describeTrouble } from './trouble.ts';
import { describeWriting } from './writing.ts';

/** What every connector must hold to. Each vendor's library runs this against its stand-in, which holds an account that was set up. */
export function describeCrmConnector(name: string, build: () => Promise<CrmWorld>): void {
  describe(`the ${name} connector`, () => {
    let suite: CrmSuite;
    beforeAll(async () => {
      suite = new CrmSuite(await build());
    }, 60_000);
    afterAll(() => suite.world.stop());

    describeAccount(() => suite, build);
    describeWriting(() => suite);
    describeReading(() => suite);
    describeChanges(() => suite);
    describeTrouble(() => suite);
  });
}
export type { CrmWorld, PersonAtCrm } from './crm-world.ts';
export { describeDealLines, type LinesWorld } from './deal-lines.ts';
