import * as z from 'zod/mini';

/** Whether somebody is signed on: not yet known, yes, not here, or no longer. */
export type SessionState = 'unknown' | 'signed_on' | 'signed_out' | 'ended';

interface AccessToken {
  readonly text: string;
  readonly renewAtMs: number;
}

interface SessionOptions {
  readonly fetch?: typeof globalThis.fetch;
  readonly nowMs?: () => number;
}

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.int(), acts_for: z.optional(z.enum(['tenant', 'installation'])) });
/** A token is exchanged for the next one this long before its end, so that none runs out on its way. */
const marginMs = 60_000;

/** Sign-on does not answer, which says nothing of the session. */
export class SignOnAway extends Error {
  override readonly name = 'SignOnAway';
}

/**
 * The session of the person in front of the page. What proves it is a cookie that no script sees; for it sign-on gives access tokens of five minutes, which are
 * held in this object and nowhere else: neither in storage nor in the document.
 */
export class Session {
  readonly #fetch: typeof globalThis.fetch;
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  #token: AccessToken | undefined;
  #renewal: Promise<string | undefined> | undefined;
  #state: SessionState = 'unknown';
  #isOperators = false;

  constructor({ fetch = (input, init) => globalThis.fetch(input, init), nowMs = Date.now }: SessionOptions = {}) {
    this.#fetch = fetch;
    this.#nowMs = nowMs;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether the person runs the installation and looks at tenants from outside; known once they are signed on. */
  get isOperators(): boolean {
    return this.#isOperators;
  }

  /** Tells of every change of `state`. @returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A token that holds for a while; undefined where nobody is signed on. @throws SignOnAway where that cannot be found out. */
  async token(): Promise<string | undefined> {
    if (this.#token && this.#nowMs() < this.#token.renewAtMs) return this.#token.text;
    return this.renew();
  }

  /** A new token, asked for once however many ask at the same time. @throws SignOnAway where sign-on does not answer. */
  async renew(): Promise<string | undefined> {
    this.#renewal ??= this.#exchange().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Signs out of every application of the tenant in this browser. @throws SignOnAway where sign-on does not answer: the session goes on. */
  async signOut(): Promise<void> {
    const response = await this.#post('/sign-on/sign-out');
    if (!response.ok) throw new SignOnAway(`Signing out was answered with ${response.status}.`);
    this.#token = undefined;
    this.#become('signed_out');
  }

  async #exchange(): Promise<string | undefined> {
    const response = await this.#post('/sign-on/token');
    if (response.status === 401) {
      this.#token = undefined;
      this.#become(this.#state === 'signed_on' || this.#state === 'ended' ? 'ended' : 'signed_out');
      return undefined;
    }
    if (!response.ok) throw new SignOnAway(`A token was refused with ${response.status}.`);
    const { access_token: text, expires_in: seconds, acts_for: actsFor } = z.parse(tokenSchema, await response.json());
    this.#token = { text, renewAtMs: this.#nowMs() + seconds * 1_000 - marginMs };
    this.#isOperators = actsFor === 'installation';
    this.#become('signed_on');
    return text;
  }

  async #post(path: string): Promise<Response> {
    return this.#fetch(path, { method: 'POST', credentials: 'same-origin' }).catch((cause: unknown) => {
      throw new SignOnAway('Sign-on does not answer.', { cause });
    });
  }

  #become(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
