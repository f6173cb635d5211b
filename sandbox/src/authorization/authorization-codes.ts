import { createHash, randomBytes } from 'node:crypto';
import type { VendorRefusal } from '../vendor-refusal.ts';

type CodeFault = 'unknown' | 'expired' | 'redirect-uri' | 'verifier';

export interface AuthorizationCodeOptions {
  /** What the vendor's codes begin with. */
  prefix: string;
  lifetimeMs: number;
  /** The vendor's own words for a code that cannot be redeemed. */
  refuse: (fault: CodeFault) => VendorRefusal;
}

interface Issued<Approval> {
  approval: Approval;
  redirectUri: string;
  codeChallenge: string | null;
  expiresAtMs: number;
}

/** Authorization codes: each works once, for some minutes, at the address and with the PKCE verifier it was asked for. */
export class AuthorizationCodes<Approval> {
  private readonly options: AuthorizationCodeOptions;
  private readonly issued = new Map<string, Issued<Approval>>();

  constructor(options: AuthorizationCodeOptions) {
    this.options = options;
  }

  issue(approval: Approval, redirectUri: string, codeChallenge: string | null): string {
    const code = `${this.options.prefix}${randomBytes(32).toString('base64url')}`;
    this.issued.set(code, { approval, redirectUri, codeChallenge, expiresAtMs: Date.now() + this.options.lifetimeMs });
    return code;
  }

  /** What was approved; throws the vendor's refusal. PKCE is S256 (RFC 7636) and asked for only where a challenge was given. */
  redeem(code: string, redirectUri: string | null, verifier: string | undefined): Approval {
    const known = this.issued.get(code);
    if (known === undefined) throw this.options.refuse('unknown');
    if (known.expiresAtMs <= Date.now()) throw this.options.refuse('expired');
    if (redirectUri !== null && known.redirectUri !== redirectUri) throw this.options.refuse('redirect-uri');
    const challenge = createHash('sha256').update(verifier ?? '').digest('base64url');
    if (known.codeChallenge !== null && known.codeChallenge !== challenge) throw this.options.refuse('verifier');
    this.issued.delete(code);
    return known.approval;
  }

  /** Codes that have not been redeemed are too old from now on. */
  expireAll(): void {
    for (const code of this.issued.values()) code.expiresAtMs = 0;
  }

  clear(): void {
    this.issued.clear();
  }
}
