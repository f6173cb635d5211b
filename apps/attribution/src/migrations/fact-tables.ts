/**
 * What others told, table by table. Keys of people and companies (`identity/identity-key.ts`) hold e-mails in lower case. Nothing
 * here depends on the order in which it was told.
 */
export const factTables: Readonly<Record<string, readonly string[]>> = {
  sample: [`
    CREATE TABLE sample (
      shipment_id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      contact_key text NOT NULL,
      campaign text,
      product text,
      sent_at timestamptz(3)
    )`, 'CREATE INDEX sample_contact ON sample (tenant_id, contact_key)'],
  touch: [`
    CREATE TABLE touch (
      touch_id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      kind text NOT NULL,
      contact_key text,
      company_key text,
      deal_id uuid,
      account uuid,
      touched_at timestamptz(3) NOT NULL,
      channel text NOT NULL,
      campaign text,
      product text,
      cost_minor bigint CHECK (cost_minor >= 0),
      cost_currency text,
      CHECK ((cost_minor IS NULL) = (cost_currency IS NULL)),
      CHECK (contact_key IS NOT NULL OR company_key IS NOT NULL)
    )`,
  'CREATE INDEX touch_contact ON touch (tenant_id, contact_key)',
  'CREATE INDEX touch_company ON touch (tenant_id, company_key) WHERE company_key IS NOT NULL',
  'CREATE INDEX touch_deal ON touch (tenant_id, deal_id) WHERE deal_id IS NOT NULL',
  'CREATE INDEX touch_time ON touch (tenant_id, touched_at)'],
  deal: [`
    CREATE TABLE deal (
      deal_id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      vendor text NOT NULL,
      connection_id uuid NOT NULL,
      external_id text NOT NULL,
      external_key text,
      name text NOT NULL,
      status text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
      stage text,
      custom jsonb NOT NULL DEFAULT '{}',
      amount_minor bigint,
      currency text,
      closed_at timestamptz(3),
      opened_at timestamptz(3) NOT NULL,
      modified_at timestamptz(3) NOT NULL,
      CHECK ((amount_minor IS NULL) = (currency IS NULL))
    )`, 'CREATE INDEX deal_key ON deal (tenant_id, external_key) WHERE external_key IS NOT NULL'],
  deal_party: [`
    CREATE TABLE deal_party (
      deal_id uuid NOT NULL REFERENCES deal ON DELETE CASCADE,
      key text NOT NULL,
      tenant_id uuid NOT NULL,
      PRIMARY KEY (deal_id, key)
    )`, 'CREATE INDEX deal_party_key ON deal_party (tenant_id, key)'],
  gone_deal: [`
    CREATE TABLE gone_deal (
      deal_id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      gone_at timestamptz(3) NOT NULL
    )`],
  identity_source: [`
    CREATE TABLE identity_source (
      tenant_id uuid NOT NULL,
      source text NOT NULL,
      modified_at timestamptz(3) NOT NULL,
      PRIMARY KEY (tenant_id, source)
    )`],
  identity_link: [`
    CREATE TABLE identity_link (
      tenant_id uuid NOT NULL,
      source text NOT NULL,
      one text NOT NULL,
      other text NOT NULL,
      reason text NOT NULL,
      PRIMARY KEY (tenant_id, source, one, other)
    )`, 'CREATE INDEX identity_link_one ON identity_link (tenant_id, one)', 'CREATE INDEX identity_link_other ON identity_link (tenant_id, other)'],
  identity_exception: [`
    CREATE TABLE identity_exception (
      tenant_id uuid NOT NULL,
      exception_id uuid PRIMARY KEY,
      one text NOT NULL,
      other text,
      note text NOT NULL,
      made_at timestamptz(3) NOT NULL DEFAULT now()
    )`, 'CREATE INDEX identity_exception_one ON identity_exception (tenant_id, one)', 'CREATE INDEX identity_exception_other ON identity_exception (tenant_id, other)'],
  currency_rate: [`
    CREATE TABLE currency_rate (
      tenant_id uuid NOT NULL,
      currency text NOT NULL,
      base text NOT NULL,
      day date NOT NULL,
      rate numeric NOT NULL CHECK (rate > 0),
      PRIMARY KEY (tenant_id, currency, base, day)
    )`],
};
