/**
 * What follows from the facts. All but `identity` is kept for each set of rules that is live, is being worked out, or was live before
 * (`rules_version`). Journeys are never changed: a newer revision supersedes the one before, and is the correction of it. Sums are written again and
 * again: on pages that are half empty a row's next version finds a place beside it, and no index learns of it.
 */
export const resultTables: Readonly<Record<string, readonly string[]>> = {
  attribution_settings: [`
    CREATE TABLE attribution_settings (
      tenant_id uuid NOT NULL,
      version integer NOT NULL,
      rules_version integer NOT NULL,
      settings jsonb NOT NULL,
      saved_by text NOT NULL,
      saved_at timestamptz(3) NOT NULL DEFAULT now(),
      state text NOT NULL CHECK (state IN ('building', 'live', 'superseded', 'abandoned')),
      job_id uuid,
      PRIMARY KEY (tenant_id, version)
    )`,
  `CREATE UNIQUE INDEX attribution_settings_live ON attribution_settings (tenant_id) WHERE state = 'live'`,
  `CREATE UNIQUE INDEX attribution_settings_building ON attribution_settings (tenant_id) WHERE state = 'building'`],
  data_version: [`
    CREATE TABLE data_version (
      tenant_id uuid PRIMARY KEY,
      version bigint NOT NULL,
      changed_at timestamptz(3) NOT NULL
    )`],
  identity: [`
    CREATE TABLE identity (
      tenant_id uuid NOT NULL,
      key text NOT NULL,
      identity_id uuid NOT NULL,
      PRIMARY KEY (tenant_id, key)
    )`, 'CREATE INDEX identity_members ON identity (tenant_id, identity_id)'],
  journey: [`
    CREATE TABLE journey (
      tenant_id uuid NOT NULL,
      deal_id uuid NOT NULL,
      rules_version integer NOT NULL,
      revision integer NOT NULL,
      data_version bigint NOT NULL,
      recorded_at timestamptz(3) NOT NULL DEFAULT now(),
      superseded_at timestamptz(3),
      cause text NOT NULL,
      is_won boolean NOT NULL,
      converted_at timestamptz(3) NOT NULL,
      opened_at timestamptz(3) NOT NULL,
      amount_minor bigint NOT NULL,
      currency text NOT NULL,
      account uuid NOT NULL,
      owner text,
      steps jsonb NOT NULL,
      PRIMARY KEY (deal_id, rules_version, revision)
    )`,
  'CREATE UNIQUE INDEX journey_current ON journey (deal_id, rules_version) WHERE superseded_at IS NULL',
  'CREATE INDEX journey_won ON journey (tenant_id, rules_version, converted_at) WHERE superseded_at IS NULL AND is_won',
  'CREATE INDEX journey_recorded ON journey (tenant_id, rules_version, recorded_at, deal_id, revision)'],
  open_journey: [`
    CREATE TABLE open_journey (
      tenant_id uuid NOT NULL,
      rules_version integer NOT NULL,
      identity_id uuid NOT NULL,
      steps jsonb NOT NULL,
      ended_at timestamptz(3) NOT NULL,
      PRIMARY KEY (tenant_id, rules_version, identity_id)
    )`],
  followed_change: [`
    CREATE TABLE followed_change (
      tenant_id uuid NOT NULL,
      rules_version integer NOT NULL,
      data_version bigint NOT NULL,
      deals uuid[] NOT NULL,
      identities uuid[] NOT NULL,
      PRIMARY KEY (tenant_id, rules_version, data_version)
    )`],
  credit_sum: [`
    CREATE TABLE credit_sum (
      tenant_id uuid NOT NULL,
      rules_version integer NOT NULL,
      dimension text NOT NULL,
      account uuid NOT NULL,
      key text NOT NULL,
      model text NOT NULL,
      day date NOT NULL,
      currency text NOT NULL,
      amount_minor bigint NOT NULL,
      parts bigint NOT NULL,
      PRIMARY KEY (tenant_id, rules_version, dimension, day, model, key, currency, account)
    ) WITH (fillfactor = 50)`],
  step_sum: [`
    CREATE TABLE step_sum (
      tenant_id uuid NOT NULL,
      rules_version integer NOT NULL,
      dimension text NOT NULL,
      account uuid NOT NULL,
      from_state text NOT NULL,
      to_state text NOT NULL,
      day date NOT NULL,
      count bigint NOT NULL,
      PRIMARY KEY (tenant_id, rules_version, dimension, day, from_state, to_state, account)
    ) WITH (fillfactor = 50)`],
  written_credit: [`
    CREATE TABLE written_credit (
      deal_id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      summary text NOT NULL
    )`],
};
