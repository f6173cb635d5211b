import type { Command, Output } from './command.ts';
import { whyOf } from './operands.ts';
import type { SigningKeyLine } from './operations-api.ts';
import { textTable } from './text-table.ts';

const list: Command = {
  name: 'keys signing',
  usage: '',
  summary: 'The keys that access tokens are signed with',
  options: {},
  meanings: {},
  async run({ api, given, output }) {
    print(await api.listSigningKeys(), given['json'] === true, output);
    return 0;
  },
};

const exchange: Command = {
  name: 'keys exchange',
  usage: '[--leaked] --why TEXT [--yes]',
  summary: 'Has a new key sign access tokens, sooner than it would by itself; without --yes it only shows the keys',
  options: { leaked: { type: 'boolean' }, why: { type: 'string' }, yes: { type: 'boolean' } },
  meanings: {
    leaked: 'somebody else has the keys: all are withdrawn at once, and every token with them. Without it the new key takes over in an hour, and no token is refused',
    why: 'the reason, for the audit',
    yes: 'do it',
  },
  async run({ api, given, output }) {
    const why = whyOf(given);
    if (given['yes'] === true) {
      const isLeaked = given['leaked'] === true;
      print(await api.exchangeSigningKey(isLeaked, why), given['json'] === true, output);
      if (isLeaked) output.print('Restart every service now: each remembers keys, and tokens that it has checked, for up to ten minutes.');
      return 0;
    }
    print(await api.listSigningKeys(), given['json'] === true, output);
    output.print('Nothing was changed: say --yes to exchange the key.');
    return 0;
  },
};

export const signingKeyCommands: readonly Command[] = [list, exchange];

function print(keys: readonly SigningKeyLine[], isJson: boolean, output: Output): void {
  output.print(isJson ? JSON.stringify(keys, undefined, 2) : textTable(['KEY', 'SIGNS FROM', 'STATE'], keys.map(({ kid, activeFrom, state }) => [kid, activeFrom, state])));
}
