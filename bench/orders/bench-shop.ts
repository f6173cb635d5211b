import type { SandboxControl } from '@crossdock/sandbox';

/** An order that was placed in a shop's stand-in. */
export interface BenchOrder {
  readonly id: number;
  readonly email: string;
}

let buyers = 0;

/** Another customer buys what a small shop sells: two lines. The phone number is the customer's own too: one that many share would make them one person. */
export async function buyIn(sandbox: SandboxControl, shop: string): Promise<BenchOrder> {
  const buyer = (buyers += 1);
  const email = `buyer-${buyer}@example.com`;
  const phone = `+1415${5_000_000 + buyer}`;
  const { id } = await sandbox.placeWooCommerceOrder(shop, {
    status: 'processing', billing: { first_name: 'Jordan', last_name: 'Rivera', email, phone, country: 'US' },
    line_items: [{ name: 'Cold brew kit', sku: 'CB-KIT-02', quantity: 2, total: '29.00' }, { name: 'House blend', sku: 'HB-1000', quantity: 1, total: '29.70' }],
  });
  return { id, email };
}
