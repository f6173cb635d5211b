import { type Command, type Given, textOf } from './command.ts';
import { textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const list: Command = {
  name: 'flags list',
  usage: '',
  summary: 'Every feature flag, and for which tenants it is on',
  options: {},
  meanings: {},
  async run({ api, given, output }) {
    const flags = await api.listFlags();
    if (given['json'] === true) output.print(JSON.stringify(flags, undefined, 2));
    else {
      output.print(textTable(['FLAG', 'TENANTS', 'SINGLE TENANTS', 'WHAT IT LETS THEM DO'], flags.map(({ flag, percentage, isOnByDefault, tenants, description }) => [
        flag, percentage === null ? `${isOnByDefault ? 'all' : 'none'} (default)` : `${percentage} %`, tenants.map(({ tenantId, isOn }) => `${tenantId} ${isOn ? 'on' : 'off'}`).join(', ') || '-', description,
      ])));
    }
    return 0;
  },
};

const set: Command = {
  name: 'flags set',
  usage: 'FLAG (--percentage N | --tenant ID (--on | --off | --clear)) --reason TEXT',
  summary: 'Roll a feature flag out to some tenants, or back; it holds within seconds',
  options: { percentage: { type: 'string' }, tenant: { type: 'string' }, on: { type: 'boolean' }, off: { type: 'boolean' }, clear: { type: 'boolean' }, reason: { type: 'string' } },
  meanings: {
    percentage: 'on for so many of a hundred tenants', tenant: 'one tenant, by id', on: 'on for this tenant', off: 'off for this tenant', clear: 'take back what was said of this tenant',
    reason: 'why, for the audit',
  },
  async run({ api, given, operands: [flag], output }) {
    const [percentage, tenant, reason] = [textOf(given, 'percentage'), textOf(given, 'tenant'), textOf(given, 'reason')];
    if (flag === undefined || reason === undefined) throw new UsageFault('Name the flag, and say why by --reason TEXT.');
    if ((percentage === undefined) === (tenant === undefined)) throw new UsageFault('Give either --percentage N or --tenant ID.');
    if (percentage !== undefined) await api.rollFlagOut(flag, Number(percentage), reason);
    else await api.switchFlag(flag, tenant ?? '', wishOf(given), reason);
    output.print(`${flag} is changed.`);
    return 0;
  },
};

/** @returns undefined for taking back. */
function wishOf(given: Given): boolean | undefined {
  const wishes = ['on', 'off', 'clear'].filter((wish) => given[wish] === true);
  const [wish] = wishes;
  if (wish === undefined || wishes.length > 1) throw new UsageFault('Say one of --on, --off and --clear.');
  return wish === 'clear' ? undefined : wish === 'on';
}

export const flagsCommands: readonly Command[] = [list, set];
