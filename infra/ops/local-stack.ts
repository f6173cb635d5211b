import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { STATE } from '../launch/folders.mjs';
import { writePrivateFile } from '../secrets.ts';

const FILE = join(STATE, 'run', 'addresses.json');
const addressesSchema = z.object({ gatewayUrl: z.url(), authIssuerUrl: z.url() });

/** Where operators reach a local stack. */
export type LocalAddresses = z.infer<typeof addressesSchema>;

/** Leaves word where the running stack listens, since taken ports are stepped around. */
export function publishLocalAddresses({ gatewayUrl, authIssuerUrl }: LocalAddresses): void {
  writePrivateFile(FILE, JSON.stringify({ gatewayUrl, authIssuerUrl }));
}

/** Where the local stack listens, or did when it last ran; its usual ports where it never did. */
export function localAddresses(): LocalAddresses {
  if (existsSync(FILE)) return addressesSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  return { gatewayUrl: 'http://127.0.0.1:8080', authIssuerUrl: 'http://127.0.0.1:8081' };
}
