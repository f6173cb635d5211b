import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { shipmentCreated } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShippingWorld } from '../shipping-world.fixture.ts';

const times = { purchaseSettlesMs: 20_000, parcelIsQuietMs: 3_600_000, refundLookMs: 3_600_000 };
const running = new Set<ChildProcess>();
let world: ShippingWorld;

beforeAll(async () => {
  world = await ShippingWorld.open(times, { works: false });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await world.close();
});

function startProcess(): ChildProcess {
  const loader = new URL('../../../../infra/jest/decorated-sources.mjs', import.meta.url).href;
  const program = new URL('buying-process.fixture.ts', import.meta.url).pathname;
  const order = JSON.stringify({ url: world.url, vaultKeys: world.vaultKeys, shippoUrl: `${world.sandbox.url}/shippo`, times });
  const child = spawn(process.execPath, ['--conditions=source', '--import', loader, program, order], { stdio: ['ignore', 'ignore', 'inherit'] });
  running.add(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a process that is killed with -9 between the purchase of a label and its record', () => {
  it('leaves one label that the next process finds, whether Shippo had sold it by then or sells it later', async () => {
    const [early, late] = [await world.tenant(), await world.tenant()];
    await world.control.changeShippoMarket(late.account, { purchaseDelayMs: 14_000 });
    const first = startProcess();
    // Shippo sells at once, and its answer does not arrive before the end of the process.
    await world.control.addFault('shippo', { kind: 'latency', latencyMs: 30_000, phase: 'after', pathPattern: '^POST .*/transactions' });
    const sold = await early.request('key-1');
    await eventually('Shippo to sell the label', async () => (await early.sold()).length === 1);
    const asked = await late.request('key-1');
    const begun = () => late.transaction((manager) => manager.query<unknown[]>('SELECT 1 FROM shipment WHERE purchase_begun_at IS NOT NULL'));
    await eventually('the other purchase to begin', async () => (await begun()).length === 1);
    await kill(first);
    expect(await late.sold()).toEqual([]);

    startProcess();
    for (const [shop, { id }] of [[early, sold], [late, asked]] as const) {
      const shipment = await eventually('the label to be recorded', async () => {
        const read = await shop.read(id);
        return read.status === 'label_purchased' && read;
      }, 60_000);
      expect(await shop.sold()).toMatchObject([{ tracking_number: shipment.trackingNumber }]);
      expect(await shop.said(shipmentCreated)).toHaveLength(1);
    }
  }, 120_000);
});
