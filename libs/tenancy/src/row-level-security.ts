const identifier = /^[a-z_][a-z0-9_]*$/;

function checkedIdentifier(name: string): string {
  if (!identifier.test(name)) throw new Error(`"${name}" is not a plain SQL identifier.`);
  return name;
}

const ownTenant = `tenant_id = nullif(current_setting('crossdock.tenant_id', true), '')::uuid`;
const systemScope = `current_setting('crossdock.scope', true) = 'system'`;
const ownOrSystem = `${ownTenant} OR ${systemScope}`;

function policy(table: string, { read, write }: { readonly read: string; readonly write: string }): string[] {
  const name = checkedIdentifier(table);
  return [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_isolation ON ${name} USING (${read}) WITH CHECK (${write})`,
  ];
}

/** SQL that closes a domain table to all but the transaction's tenant. The table has a `tenant_id uuid` column. */
export function tenantTablePolicy(table: string): string[] {
  return policy(table, { read: ownTenant, write: ownTenant });
}

/**
 * SQL for tables of the machinery (outbox, tasks, inbox, dead letters): the transaction's tenant, or the system scope
 * that only `TenantDatabase.systemTransaction` sets, because a relay serves all tenants at once.
 */
export function infrastructureTablePolicy(table: string): string[] {
  return policy(table, { read: ownOrSystem, write: ownOrSystem });
}

/**
 * SQL for a table to which a service adds rows of many tenants by one statement, in the system scope. That reads, changes and deletes none of them: only a
 * transaction of their tenant does. So `ON CONFLICT` may name no columns, which would be to read.
 */
export function appendedTablePolicy(table: string): string[] {
  return policy(table, { read: ownTenant, write: ownOrSystem });
}
