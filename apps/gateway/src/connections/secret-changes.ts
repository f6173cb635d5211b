import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { auditConnection, Authorisations, CredentialVault, type Connection } from '@crossdock/connections';
import { TenantDatabase } from '@crossdock/tenancy';
import { credentialsSchema } from './credentials.schema.ts';
import { previousSecretField } from './previous-secret.ts';

export const secretChangeSchema = z.strictObject({
  credentials: credentialsSchema.refine((credentials) => Object.keys(credentials).length > 0, 'name at least one secret'),
  /** How long the webhook secret before still verifies, in seconds; an hour unless said otherwise, a week at most. */
  overlapSeconds: z.int().min(0).max(604_800).default(3_600),
});
type SecretChange = z.infer<typeof secretChangeSchema>;

const isWebhookSecret = (field: string): boolean => field.startsWith('webhook_');

/** Exchanges secrets of a connection. */
@Injectable()
export class SecretChanges {
  constructor(
    private readonly authorisations: Authorisations,
    private readonly vault: CredentialVault,
    private readonly database: TenantDatabase,
  ) {}

  /** @throws Failure `invalid` where the vendor's accounts are connected by consent only, and what `Authorisations.connectByCredentials` throws. */
  async apply(connection: Connection, { credentials, overlapSeconds }: SecretChange, actor: string): Promise<void> {
    const { tenantId, id: connectionId, vendor } = connection;
    const fields = Object.keys(credentials);
    const keys = Object.fromEntries(Object.entries(credentials).filter(([field]) => !isWebhookSecret(field)));
    if (Object.keys(keys).length > 0) await this.#changeKeys(connection, keys, actor);
    await this.database.transaction(tenantId, async (manager) => {
      for (const [field, secret] of Object.entries(credentials).filter(([name]) => isWebhookSecret(name))) {
        const before = await this.vault.find(manager, connection, field);
        const holdsUntil = new Date(Date.now() + overlapSeconds * 1_000);
        if (before && overlapSeconds > 0) await this.vault.put(manager, connection, previousSecretField(field), before.secret, holdsUntil);
        await this.vault.put(manager, connection, field, secret);
      }
      await auditConnection(manager, { tenantId, connectionId, vendor, actor, action: 'connection.secrets_changed', outcome: 'changed', detail: fields.join(' ') });
    });
  }

  async #changeKeys(connection: Connection, keys: Readonly<Record<string, string>>, actor: string): Promise<void> {
    const { tenantId, id: connectionId, vendor } = connection;
    const stored = await this.database.transaction(tenantId, (manager) => this.vault.findAll(manager, connection));
    await this.authorisations.connectByCredentials({ tenantId, connectionId, vendor, actor }, {
      credentials: { ...keysAmong(stored), ...keys }, settings: this.authorisations.settingsAgain(connection),
    });
  }
}

/** Tokens that came of an authorisation are no keys to ask for another with. */
const tokenFields: ReadonlySet<string> = new Set(['access_token', 'refresh_token', 'endpoint']);

/** What the vendor is tried with: neither webhook secrets nor tokens nor the address. */
function keysAmong(secrets: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).flatMap(([field, secret]) =>
    (secret === undefined || isWebhookSecret(field) || tokenFields.has(field) ? [] : [[field, secret]])));
}
