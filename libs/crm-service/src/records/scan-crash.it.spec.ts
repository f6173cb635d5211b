import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { contactChanged } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordTenant } from './record-tenant.fixture.ts';
import { ToyService } from './toy-service.fixture.ts';

const contacts = 3_000;
let service: ToyService;
let tenant: RecordTenant;
let running: ChildProcess | undefined;

beforeAll(async () => {
  service = await ToyService.start();
  tenant = await service.tenant();
  await service.world.stopService();
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await service.world.stop();
});

function start(): ChildProcess {
  const order = JSON.stringify({ settings: service.world.settings, contacts, pageSize: 10 });
  const loader = new URL('../../../../infra/jest/decorated-sources.mjs', import.meta.url).href;
  const program = new URL('toy-process.fixture.ts', import.meta.url).pathname;
  running = spawn(process.execPath, ['--conditions=source', '--import', loader, program, order], { stdio: ['ignore', 'ignore', 'inherit'] });
  return running;
}

const kept = async (): Promise<number> => {
  const [row] = await service.world.admin.query<Array<{ kept: number }>>('SELECT count(*)::int AS kept FROM crm_record');
  return row?.kept ?? 0;
};

describe('a process that is killed with -9 while it reads an account', () => {
  it('leaves a reading that the next one ends, with no record lost and none told twice', async () => {
    const scanId = await tenant.beginScan('contact');
    for (const reached of [contacts / 4, contacts / 2]) {
      const child = start();
      await eventually(`${reached} records to be read`, async () => await kept() >= reached, 60_000);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await kept()).toBeLessThan(contacts);
    }
    start();
    const end = await eventually('the reading to end', () => tenant.ended(scanId), 90_000);
    expect(end).toMatchObject({ outcome: 'complete', told: contacts });
    await eventually('all of it', () => new Set(tenant.told('contact').map(({ source }) => source.externalId)).size === contacts);
    // The broker may have an event twice where the relay died before it had noted that it was sent; consumers know it by its id.
    expect(new Set(tenant.shop.hearsIds(contactChanged)).size).toBe(contacts);
  }, 180_000);
});
