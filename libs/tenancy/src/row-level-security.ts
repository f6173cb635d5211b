const identifier = /^[a-z_][a-z0-9_]*$/;

function checkedIdentifier(name: string): string {
  if (!identifier.test(name)) throw new Error(`"${name}" is not a plain SQL identifier.`);
  return name;
}

const ownTenant = `tenant_id = nullif(current_setting('crossdock.tenant_id', true), '')::uuid`;
const systemScope = `current_setting('crossdock.scope', true) = 'system'`;

function policy(table: string, condition: string): string[] {
  const name = checkedIdentifier(table);
  return [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_isolation ON ${name} USING (${condition}) WITH CHECK (${condition})`,
  ];
}

/** SQL that closes a domain table to all but the transaction's tenant. The table has a `tenant_id uuid` column. */
export function tenantTablePolicy(table: string): string[] {
  return policy(table, ownTenant);
}

/**
 * SQL for tables of the machinery (outbox, tasks, inbox, dead letters): the transaction's tenant, or the system scope
 * that only `TenantDatabase.systemTransaction` sets, because a relay serves all tenants at once.
 */
export function infrastructureTablePolicy(table: string): string[] {
  return policy(table, `${ownTenant} OR ${systemScope}`);
}
