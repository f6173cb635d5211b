import { openSecret, sealSecret, type VaultKeys } from '@crossdock/connections';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { newSecret, type ClaimedSecret } from '../browser/carried-secret.ts';
import type { DialogueSecrets } from '../providers/provider-clients.ts';
import { signOnMs } from './sign-on-requests.ts';

const keptMs = 60 * 60_000;
const secretsSchema = z.object({ nonce: z.string(), codeVerifier: z.string() });
const rowSchema = z.object({
  providerId: z.uuid(), requestHash: z.instanceof(Buffer), browserHash: z.instanceof(Buffer), keyId: z.string(), nonce: z.instanceof(Buffer),
  ciphertext: z.instanceof(Buffer), madeAt: z.date(), usedAt: z.date().nullable(),
});

/** Why an answer of a provider is not taken up. */
export type DialogueRefusal = 'unknown' | 'used' | 'expired' | 'other_browser' | 'other_provider';

export type TakenDialogue =
  | { readonly outcome: 'taken'; readonly requestHash: Buffer; readonly secrets: DialogueSecrets }
  | { readonly outcome: 'refused'; readonly refusal: DialogueRefusal };

/** Where a dialogue belongs: one browser, one provider, one request. */
export interface DialogueParties {
  readonly tenantId: string;
  readonly providerId: string;
  readonly requestHash: Buffer;
  readonly browserHash: Buffer;
}

/** Dialogues with identity providers that are under way: each is good for one answer. Methods run in a transaction of the tenant. */
export class ProviderDialogues {
  readonly #vaultKeys: VaultKeys;

  constructor(vaultKeys: VaultKeys) {
    this.#vaultKeys = vaultKeys;
  }

  async begin(manager: EntityManager, { tenantId, providerId, requestHash, browserHash }: DialogueParties, secrets: Omit<DialogueSecrets, 'state'>, now: Date): Promise<string> {
    const state = newSecret(tenantId);
    const sealed = sealSecret(this.#vaultKeys, JSON.stringify(secrets), place(tenantId, state.hash));
    await manager.query('DELETE FROM provider_dialogue WHERE made_at < $1', [new Date(now.getTime() - keptMs)]);
    await manager.query(
      `INSERT INTO provider_dialogue (state_hash, tenant_id, provider_id, request_hash, browser_hash, vault_key_id, nonce, sealed_secrets, made_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [state.hash, tenantId, providerId, requestHash, browserHash, sealed.keyId, sealed.nonce, sealed.ciphertext, now],
    );
    return state.text;
  }

  /** Ends a dialogue for the browser that began it. Of any number of answers at once exactly one takes it. */
  async take(manager: EntityManager, state: ClaimedSecret & { readonly text: string }, providerId: string, browserHash: Buffer | undefined, now: Date): Promise<TakenDialogue> {
    const [row] = await manager.query<unknown[]>(
      `SELECT provider_id AS "providerId", request_hash AS "requestHash", browser_hash AS "browserHash", vault_key_id AS "keyId", nonce,
         sealed_secrets AS ciphertext, made_at AS "madeAt", used_at AS "usedAt"
       FROM provider_dialogue WHERE state_hash = $1 FOR UPDATE`,
      [state.hash],
    );
    if (row === undefined) return { outcome: 'refused', refusal: 'unknown' };
    const dialogue = rowSchema.parse(row);
    const refusal = refusalOf(dialogue, providerId, browserHash, now);
    if (refusal !== undefined) return { outcome: 'refused', refusal };
    await manager.query('UPDATE provider_dialogue SET used_at = $2 WHERE state_hash = $1', [state.hash, now]);
    const secrets = secretsSchema.parse(JSON.parse(openSecret(this.#vaultKeys, dialogue, place(state.tenantId, state.hash))));
    return { outcome: 'taken', requestHash: dialogue.requestHash, secrets: { ...secrets, state: state.text } };
  }
}

function refusalOf(dialogue: z.infer<typeof rowSchema>, providerId: string, browserHash: Buffer | undefined, now: Date): DialogueRefusal | undefined {
  if (browserHash === undefined || !dialogue.browserHash.equals(browserHash)) return 'other_browser';
  if (dialogue.providerId !== providerId) return 'other_provider';
  if (dialogue.usedAt !== null) return 'used';
  return now.getTime() >= dialogue.madeAt.getTime() + signOnMs ? 'expired' : undefined;
}

function place(tenantId: string, stateHash: Buffer): [string, ...string[]] {
  return [tenantId, 'provider-dialogue', stateHash.toString('base64url')];
}
