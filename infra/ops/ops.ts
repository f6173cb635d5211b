import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure } from '@crossdock/contracts';
import { privateKeySchema, ServiceTokenClient } from '@crossdock/service-tokens';
import { keyFileOf } from '../client-keys.ts';
import { DEMO_CLIENT } from '../services.ts';
import { attributionComputeCommand } from './attribution-command.ts';
import { auditCommand } from './audit-command.ts';
import { callsCommands } from './calls-commands.ts';
import { clientKeyCommand } from './client-key-command.ts';
import { type Command, type Given, type Output, textOf } from './command.ts';
import { composeSettingsCommand } from './compose-command.ts';
import { consumersRewindCommand } from './consumers-command.ts';
import { deadLetterCommands } from './dead-letter-commands.ts';
import { flagsCommands } from './flags-commands.ts';
import { GatewayCalls, Refusal } from './gateway-calls.ts';
import { helpFor } from './help.ts';
import { localAddresses } from './local-stack.ts';
import { OperationsApi } from './operations-api.ts';
import { replayCommands } from './replay-commands.ts';
import { signingKeyCommands } from './signing-key-commands.ts';
import { tenantCommands } from './tenant-commands.ts';
import { TenantsApi } from './tenants-api.ts';
import { upkeepCommands } from './upkeep-commands.ts';
import { UsageFault } from './usage-fault.ts';
import { vaultCommand } from './vault-command.ts';
import { webhookVerifyCommand } from './webhook-command.ts';

const commands: readonly Command[] = [...deadLetterCommands, ...replayCommands, consumersRewindCommand, ...upkeepCommands, ...tenantCommands, vaultCommand, ...signingKeyCommands, clientKeyCommand, composeSettingsCommand, auditCommand, ...callsCommands, ...flagsCommands, webhookVerifyCommand, attributionComputeCommand];

const commonOptions = {
  url: { type: 'string' },
  issuer: { type: 'string' },
  client: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Runs one command. Answers the exit status: 0 done, 1 not done or not wholly. */
export async function runOps(args: readonly string[], output: Output): Promise<number> {
  try {
    return await run(args, output);
  } catch (error) {
    const isForPeople = error instanceof UsageFault || error instanceof Refusal || error instanceof Failure || isOfParseArgs(error);
    if (!isForPeople) throw error;
    output.complain(`ops: ${error.message}`);
    return 1;
  }
}

async function run(args: readonly string[], output: Output): Promise<number> {
  const words = args.slice(0, 2);
  const command = commands.find(({ name }) => name === words.join(' '));
  if (!command) {
    const sameGroup = commands.filter(({ name }) => name.split(' ')[0] === words[0]);
    output.print(helpFor(sameGroup.length > 0 ? sameGroup : commands));
    if (args.length === 0 || args.includes('--help')) return 0;
    throw new UsageFault(`"${words.join(' ')}" is no command.`);
  }
  const { values, positionals } = parseArgs({
    args: args.slice(2), options: { ...command.options, ...commonOptions }, allowPositionals: true,
  });
  if (values.help === true) {
    output.print(helpFor([command]));
    return 0;
  }
  // Some commands ask nobody: only who reads `api` or `tenants` needs a key.
  return await command.run({
    get api() { return new OperationsApi(connect(values)); }, get tenants() { return new TenantsApi(connect(values)); }, given: values, operands: positionals, output,
  });
}

function connect(given: Given): GatewayCalls {
  const clientId = textOf(given, 'client') ?? DEMO_CLIENT.name;
  const keyFile = textOf(given, 'key-file') ?? keyFileOf(clientId);
  if (!existsSync(keyFile)) throw new UsageFault(`There is no key file ${keyFile}: start the local stack once, or give --key-file.`);
  const key = privateKeySchema.safeParse(JSON.parse(readFileSync(keyFile, 'utf8')));
  if (!key.success) throw new UsageFault(`${keyFile} must hold one private P-256 key as JSON Web Key.`);
  const { gatewayUrl, authIssuerUrl } = localAddresses();
  const issuerUrl = textOf(given, 'issuer') ?? authIssuerUrl;
  return new GatewayCalls(textOf(given, 'url') ?? gatewayUrl, new ServiceTokenClient({ issuerUrl, clientId, privateJwk: key.data }));
}

/** An unknown or incomplete option, in the words of `parseArgs`. */
function isOfParseArgs(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
