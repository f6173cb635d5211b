import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { serviceNames } from '@crossdock/contracts';
import { anyTenantScope, publicKeySchema } from '@crossdock/service-tokens';

const clientSchema = z.strictObject({
  clientId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'),
  publicJwk: publicKeySchema,
  /** The key that `publicJwk` takes the place of, for as long as the client may still sign with it. */
  previousPublicJwk: publicKeySchema.exactOptional(),
  scopes: z.array(z.string().regex(/^[a-z-]+:[a-z-]+$/, 'must read like orders:read')).min(1),
  /** Services the client may call. */
  audiences: z.array(z.enum(serviceNames)).min(1),
  /** Tenants the client may act for. */
  tenants: z.union([z.literal('any'), z.array(z.uuid().toLowerCase()).min(1)]),
}).refine(({ scopes, tenants }) => tenants === 'any' || !scopes.includes(anyTenantScope), {
  path: ['scopes'], message: `may hold ${anyTenantScope} only where tenants is "any"`,
});

/** A service that may get tokens, and what they may say. */
export type ServiceClient = z.infer<typeof clientSchema>;

const registrySchema = z.array(clientSchema).refine(
  (clients) => new Set(clients.map(({ clientId }) => clientId)).size === clients.length,
  { message: 'must name each clientId once' },
);

/** The services that may get tokens. The list is configuration: who may call whom is reviewed like code. */
export class ClientRegistry {
  readonly #clients: ReadonlyMap<string, ServiceClient>;

  constructor(clients: readonly ServiceClient[]) {
    this.#clients = new Map(clients.map((client) => [client.clientId, client]));
  }

  find(clientId: string): ServiceClient | undefined {
    return this.#clients.get(clientId);
  }

  /**
   * Reads the clients from a JSON file.
   * @throws Error in one line that names the file and the place of the first fault, never a value.
   */
  static fromFile(path: string): ClientRegistry {
    const clients = registrySchema.safeParse(readJson(path));
    if (clients.success) return new ClientRegistry(clients.data);
    const [fault] = clients.error.issues;
    const place = fault?.path.map(String).join('.') || 'the list';
    throw new Error(`The clients file ${path} is wrong at ${place}: ${fault?.message ?? 'not a list of clients'}`);
  }
}

function readJson(path: string): unknown {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`The clients file ${path} cannot be read`, { cause });
  }
  try {
    return JSON.parse(content);
  } catch {
    throw new Error(`The clients file ${path} is not JSON`);
  }
}

/** The setting that names the clients file; it is read when the configuration is. */
export const clientsFileSetting = z.string().min(1).transform((path, context) => {
  try {
    return ClientRegistry.fromFile(path);
  } catch (fault) {
    context.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'cannot be used' });
    return z.NEVER;
  }
});
