import { existsSync, readFileSync } from 'node:fs';
import { publicKeySchema, publicPartOf } from '@crossdock/service-tokens';
import { z } from 'zod';
import { newClientKey } from '../client-keys.ts';
import { writePrivateFile } from '../secrets.ts';
import { type Command, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';

/** What is changed of auth-sso's list of clients; all else stays as it is written there. */
const clientsSchema = z.array(z.looseObject({ clientId: z.string(), publicJwk: publicKeySchema, previousPublicJwk: publicKeySchema.optional() }));

/** Works on files alone: which store hands them to auth-sso and to the client is the installation's own matter. */
export const clientKeyCommand: Command = {
  name: 'keys client',
  usage: 'CLIENT --clients FILE (--out FILE | --finish) [--yes]',
  summary: 'Exchanges the key by which a client proves itself to auth-sso, in two steps; without --yes it only says what it would do',
  options: { clients: { type: 'string' }, out: { type: 'string' }, finish: { type: 'boolean' }, yes: { type: 'boolean' } },
  meanings: {
    clients: 'auth-sso’s list of clients (AUTH_CLIENTS_FILE), which is changed',
    out: 'first step: where the new private key is written, a file that is not there yet; the list then takes the new key and the old one',
    finish: 'second step, when the client has its new key: the list takes the old one no more',
    yes: 'change the files',
  },
  async run({ given, operands: [clientId], output }) {
    const [file, out, isFinish] = [textOf(given, 'clients'), textOf(given, 'out'), given['finish'] === true];
    if (clientId === undefined || file === undefined || (out === undefined) !== isFinish) throw new UsageFault('Name the client and the list (--clients FILE), and say either --out FILE or --finish.');
    const clients = readClients(file);
    const client = clients.find((each) => each.clientId === clientId);
    if (!client) throw new UsageFault(`${file} names no client ${clientId}.`);
    if (out === undefined) {
      if (client.previousPublicJwk === undefined) throw new UsageFault(`${clientId} has one key only: there is nothing to finish.`);
      if (given['yes'] === true) writeClients(file, clients.map((each) => (each === client ? withNewKeyAlone(each) : each)));
      output.print(`${tense(given['yes'])} the old key of ${clientId} out of ${file}. Roll auth-sso out.`);
      return 0;
    }
    if (client.previousPublicJwk !== undefined) throw new UsageFault(`${clientId} has two keys already: finish that exchange first (--finish).`);
    if (existsSync(out)) throw new UsageFault(`${out} is there already.`);
    if (given['yes'] === true) {
      const key = await newClientKey();
      writePrivateFile(out, JSON.stringify(key));
      writeClients(file, clients.map((each) => (each === client ? { ...each, publicJwk: publicPartOf(key), previousPublicJwk: each.publicJwk } : each)));
    }
    output.print(`${tense(given['yes'])} a new key of ${clientId} into ${out}, and its public part beside the old one into ${file}. Roll auth-sso out, then the client with its new key, then finish.`);
    return 0;
  },
};

function withNewKeyAlone({ previousPublicJwk: _old, ...rest }: z.infer<typeof clientsSchema>[number]): object {
  return rest;
}

function tense(yes: unknown): string {
  return yes === true ? 'Took' : 'With --yes this would take';
}

function readClients(file: string): z.infer<typeof clientsSchema> {
  if (!existsSync(file)) throw new UsageFault(`There is no file ${file}.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageFault(`${file} is not JSON.`);
  }
  const clients = clientsSchema.safeParse(content);
  if (!clients.success) throw new UsageFault(`${file} is no list of clients.`);
  return clients.data;
}

function writeClients(file: string, clients: readonly object[]): void {
  writePrivateFile(file, `${JSON.stringify(clients, undefined, 2)}\n`);
}
