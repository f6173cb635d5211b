const traits = 'tenant_id, day, kind, account, channel, campaign, product, currency';
const traitsOf = (touches: string): string => `
  SELECT tenant_id, (touched_at AT TIME ZONE 'UTC')::date AS day, kind, coalesce(account, '00000000-0000-0000-0000-000000000000') AS account,
         channel, coalesce(campaign, '') AS campaign, coalesce(product, '') AS product, coalesce(cost_currency, '') AS currency, cost_minor FROM ${touches}`;
const columns = `
  tenant_id uuid NOT NULL, day date NOT NULL, kind text NOT NULL, account uuid NOT NULL, channel text NOT NULL, campaign text NOT NULL, product text NOT NULL,
  currency text NOT NULL, touches bigint NOT NULL, cost_minor bigint NOT NULL`;

/**
 * How many touches there were of each day and trait and what they cost, so that a report reads no touches. Each statement that stores touches notes what
 * it changes, without waiting for another one's; what was noted is added up when results follow. What is not known is empty or zero.
 */
export const touchCountTables: Readonly<Record<string, readonly string[]>> = {
  touch_count: [`CREATE TABLE touch_count (${columns}, PRIMARY KEY (${traits}))`],
  touch_change: [`CREATE TABLE touch_change (change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${columns})`, 'CREATE INDEX touch_change_tenant ON touch_change (tenant_id)', `
    CREATE FUNCTION note_touch_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO touch_change (${traits}, touches, cost_minor)
        SELECT ${traits}, count(*), coalesce(sum(cost_minor), 0) FROM (${traitsOf('told')}) AS each GROUP BY ${traits};
      ELSE
        INSERT INTO touch_change (${traits}, touches, cost_minor)
        SELECT ${traits}, sum(sign), sum(sign * coalesce(cost_minor, 0))
        FROM (SELECT *, 1 AS sign FROM (${traitsOf('told')}) AS now UNION ALL SELECT *, -1 FROM (${traitsOf('former')}) AS before) AS each
        GROUP BY ${traits} HAVING sum(sign) <> 0 OR sum(sign * coalesce(cost_minor, 0)) <> 0;
      END IF;
      RETURN NULL;
    END $$`,
  'CREATE TRIGGER touch_told AFTER INSERT ON touch REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION note_touch_change()',
  'CREATE TRIGGER touch_told_anew AFTER UPDATE ON touch REFERENCING OLD TABLE AS former NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION note_touch_change()'],
};
