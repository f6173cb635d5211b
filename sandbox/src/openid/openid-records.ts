import type { AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly model: string;
  readonly payload: AdapterPayload;
  readonly endsAtMs: number;
}

/** What one provider remembers, in this process: its library warns of the memory that it brings at each start. */
export function openIdRecords(): AdapterFactory {
  const records = new Map<string, Kept>();
  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`;
    const findBy = (isMeant: (payload: AdapterPayload) => boolean) =>
      [...records.values()].find((kept) => kept.model === model && kept.endsAtMs > Date.now() && isMeant(kept.payload))?.payload;
    return {
      async upsert(id, payload, expiresIn = Infinity) {
        records.set(keyOf(id), { model, payload, endsAtMs: Date.now() + expiresIn * 1_000 });
      },
      async find(id) {
        const kept = records.get(keyOf(id));
        return kept && kept.endsAtMs > Date.now() ? kept.payload : undefined;
      },
      findByUid: async (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
      async consume(id) {
        const kept = records.get(keyOf(id));
        if (kept) kept.payload.consumed = Math.floor(Date.now() / 1_000);
      },
      async destroy(id) { records.delete(keyOf(id)); },
      async revokeByGrantId(grantId) {
        for (const [key, kept] of records) if (kept.model === model && kept.payload.grantId === grantId) records.delete(key);
      },
    };
  };
}
