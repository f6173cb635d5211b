import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { requireTestServer } from '@crossdock/test-stack';
import type { ReachableSystem } from '../running-system.ts';
import { loanSchema } from './system-lending.ts';

/** The one system that test files of a run share, each with tenants and accounts of its own. */
export type BorrowedSystem = {
  readonly running: ReachableSystem;
  giveBack(): Promise<void>;
};

/** Borrows the system that all test files share which break nothing of it. @throws Error where it cannot be started. */
export async function borrowSystem(): Promise<BorrowedSystem> {
  const lender = connect(requireTestServer('TEST_SYSTEM_LENDER'));
  await once(lender, 'connect');
  lender.on('error', () => undefined); // followed by close
  const closed = new Promise((resolve) => lender.once('close', resolve));
  const giveBack = async (): Promise<void> => {
    lender.destroy();
    await closed;
  };
  for await (const line of createInterface({ input: lender })) {
    const loan = loanSchema.parse(JSON.parse(line));
    if ('system' in loan) {
      const { settings, ...system } = loan.system;
      return { running: { ...system, settingsOf: (service) => settings[service] ?? {} }, giveBack };
    }
    await giveBack();
    throw new Error(loan.fault);
  }
  throw new Error('The run of tests ended before its system had started.');
}
