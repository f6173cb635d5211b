import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { vendors } from '@crossdock/contracts';
import { webhookRefusals, type RecordedWebhook, type WebhookCheck } from '@crossdock/signed-webhook';
import { type Command, type Given, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';
import { webhookChecks } from './webhook-checks.ts';

/**
 * A recorded request. Header names may be written in any case, the address without its host where that stands in `Host`,
 * and the time in milliseconds after 1970 as well.
 */
const requestSchema = z.object({
  method: z.string().min(1),
  url: z.string().regex(/^(https?:\/\/|\/)/, 'an http or https address, or a path, is expected'),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  rawBody: z.base64(),
  receivedAt: z.union([z.iso.datetime({ offset: true }), z.int()]),
});

const longestSignedText = 2_000;

export const webhookVerifyCommand: Command = {
  name: 'webhook verify',
  usage: '--vendor NAME --secret-env NAME --request FILE',
  summary: 'Whether a recorded webhook is valid, and why not',
  options: { vendor: { type: 'string' }, 'secret-env': { type: 'string' }, request: { type: 'string' } },
  meanings: {
    vendor: `who sent it: ${vendors.join(', ')}`,
    'secret-env': 'environment variable that holds the secret; it is never printed',
    request: 'file with the request as JSON: method, url, headers, rawBody (base64), receivedAt',
  },
  async run({ given, output }) {
    const vendor = vendors.find((name) => name === textOf(given, 'vendor'));
    if (vendor === undefined) throw new UsageFault(`Name the sender by --vendor: ${vendors.join(', ')}.`);
    const load = webhookChecks[vendor];
    if (typeof load === 'string') throw new UsageFault(load);
    const webhook = readRequest(given);
    const check = await load();
    const result = check(webhook, readSecret(given));
    output.print(given['json'] === true ? JSON.stringify(result, undefined, 2) : describe(result, webhook));
    return result.verdict.valid ? 0 : 1;
  },
};

function readSecret(given: Given): string {
  const name = textOf(given, 'secret-env');
  if (name === undefined) throw new UsageFault('Name the environment variable that holds the secret: --secret-env NAME.');
  const secret = process.env[name];
  if (!secret) throw new UsageFault(`The environment variable ${name} is not set.`);
  return secret;
}

function readRequest(given: Given): RecordedWebhook {
  const file = textOf(given, 'request');
  if (file === undefined) throw new UsageFault('Name the file with the recorded request: --request FILE.');
  const request = requestSchema.safeParse(readJson(file));
  if (!request.success) {
    const faults = request.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
    throw new UsageFault(`${file} is no recorded request (${faults.join('; ')}).`);
  }
  const { method, url, rawBody, receivedAt } = request.data;
  const headers = Object.fromEntries(Object.entries(request.data.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const host = typeof headers['host'] === 'string' ? headers['host'] : 'host.invalid';
  return {
    method, headers,
    url: url.startsWith('/') ? `https://${host}${url}` : url,
    rawBody: Buffer.from(rawBody, 'base64'),
    receivedAt: new Date(receivedAt),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageFault(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function describe({ verdict, proof, proofName, isProofSecret, signedText, lateByMs, windowMs, note }: WebhookCheck, { headers }: RecordedWebhook): string {
  const header = headers[proofName.toLowerCase()];
  const lines: Array<[string, string | undefined]> = [
    ['result', verdict.valid ? 'valid' : `not valid: ${verdict.reason} (${webhookRefusals[verdict.reason]})`],
    ['proof', proof],
    ['looked for in', header === undefined || isProofSecret === true ? proofName : `${proofName}: ${[header].flat().join(' | ')}`],
    ['clock', lateByMs === undefined ? undefined : `received ${Math.abs(lateByMs)} ms ${lateByMs < 0 ? 'before' : 'after'} its own time${windowMs === undefined ? '' : `; ${windowMs} ms are allowed`}`],
    ['signed', signedText === undefined ? undefined : shortened(signedText)],
    ['note', note],
  ];
  return lines.flatMap(([name, text]) => (text === undefined ? [] : [`${`${name}:`.padEnd(15)}${text}`])).join('\n');
}

function shortened(text: string): string {
  return text.length <= longestSignedText ? text : `${text.slice(0, longestSignedText)}… (${text.length} characters)`;
}
