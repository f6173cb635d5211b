import type { Command } from './command.ts';
import { textTable } from './text-table.ts';

/** Options that every command takes. */
const commonMeanings = {
  url: "the gateway's address (that of the running local stack)",
  issuer: "auth-sso's address (that of the running local stack)",
  client: 'the client to act as (demo)',
  'key-file': "the client's private key, as JSON Web Key (the local demo client's)",
  json: 'print JSON instead of a table',
  help: 'print this',
};

/** What the commands given are for; of one command, its options as well. */
export function helpFor(commands: readonly Command[]): string {
  const [only, ...others] = commands;
  if (only === undefined || others.length > 0) {
    return [
      'Usage: npm run ops -- COMMAND [options]', '',
      indent(textTable(['COMMAND', 'WHAT IT DOES'], commands.map(({ name, summary }) => [name, summary]))), '',
      'Each command explains itself with --help. Exit status: 0 done, 1 not done or not wholly.',
    ].join('\n');
  }
  const options = Object.entries({ ...only.meanings, ...commonMeanings }).map(([name, meaning]) => [`--${name}`, meaning]);
  return [
    `Usage: npm run ops -- ${only.name} ${only.usage}`.trimEnd(), '', `${only.summary}.`, '',
    indent(textTable(['OPTION', 'MEANING'], options)),
  ].join('\n');
}

function indent(text: string): string {
  return text.split('\n').map((line) => `  ${line}`).join('\n');
}
