/** The tables of the straightforward handler: as lean as they can be, with the keys they need and no row-level security. */
export const straightforwardTables = [
  'CREATE TABLE dedupe (key bytea PRIMARY KEY, seen_at timestamptz NOT NULL DEFAULT now())',
  'CREATE TABLE event (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, vendor text NOT NULL, body bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now())',
  `CREATE TABLE outbox (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id uuid NOT NULL, topic text NOT NULL, key text NOT NULL,
     headers jsonb NOT NULL, payload text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
   )`,
];
