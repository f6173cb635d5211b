import type { DataSource } from 'typeorm';

/** A token of somebody else's that is good for one use. */
export interface SingleUse {
  /** The client or provider that signed it. */
  readonly issuedBy: string;
  readonly assertionId: string;
  /** Until then it must be remembered. */
  readonly assertionEndsAt: Date;
}

/** Remembers client assertions and providers' logout tokens until they end, so that a stolen one is worth nothing after its use. */
export class UsedAssertions {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Marks an assertion as used. Of any number of concurrent uses, over all replicas, exactly one gets `true`. */
  async useOnce({ issuedBy, assertionId, assertionEndsAt }: SingleUse): Promise<boolean> {
    const inserted = await this.#dataSource.query<unknown[]>(
      `INSERT INTO used_assertion (client_id, assertion_id, ends_at) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING assertion_id`,
      [issuedBy, assertionId, assertionEndsAt],
    );
    return inserted.length === 1;
  }

  /** Forgets assertions that ended before `now`: the check of their time refuses them. */
  async forgetEnded(now: Date): Promise<void> {
    await this.#dataSource.query('DELETE FROM used_assertion WHERE ends_at < $1', [now]);
  }
}
