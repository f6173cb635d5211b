import { Failure } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ClaimedOrders } from '../claims/claimed-orders.ts';
import { defaultMachine } from './default-machine.ts';
import { machineDefinitionSchema, type MachineDefinition } from './machine-definition.ts';
import { OrderMachine } from './order-machine.ts';

/** The version under which the default holds: where nothing was saved, or was taken back. */
const defaultVersion = 0;
const builtIn = new OrderMachine(defaultMachine, defaultVersion);

export const machineVersionSchema = z.object({ version: z.int(), savedBy: z.string(), savedAt: z.date(), isActive: z.boolean() });
export type MachineVersion = z.infer<typeof machineVersionSchema>;
/** Machines made ready, of as many tenants as this; a version never changes, so that none of them grows old. */
const mostKept = 1_000;

/** The machine that holds for the tenant of the transaction. Which version that is is asked for each time, and the machine read only where it is another than before. */
export class OrderMachines {
  readonly #kept = new Map<string, OrderMachine>();

  async active(manager: EntityManager): Promise<OrderMachine> {
    const [row] = await manager.query<Array<{ version: number }>>('SELECT version FROM order_machine WHERE is_active');
    return this.#ofVersion(manager, row?.version);
  }

  /** The same for who has claimed orders, with which it was read which version holds. */
  of({ manager, machineVersion }: Pick<ClaimedOrders, 'manager' | 'machineVersion'>): Promise<OrderMachine> {
    return this.#ofVersion(manager, machineVersion);
  }

  async #ofVersion(manager: EntityManager, version = defaultVersion): Promise<OrderMachine> {
    if (version === defaultVersion) return builtIn;
    const { tenantId } = tenantContext.require();
    const kept = this.#kept.get(tenantId);
    if (kept?.version === version) return kept;
    const machine = new OrderMachine(await findDefinition(manager, version), version);
    this.#kept.delete(tenantId);
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value ?? '');
    this.#kept.set(tenantId, machine);
    return machine;
  }
}

/** @throws Failure `not_found` where the tenant has no such version. */
export async function findDefinition(manager: EntityManager, version: number): Promise<MachineDefinition> {
  if (version === defaultVersion) return defaultMachine;
  const [row] = await manager.query<Array<{ definition: unknown }>>('SELECT definition FROM order_machine WHERE version = $1', [version]);
  if (row === undefined) throw new Failure('not_found', `There is no version ${version} of the state machine.`);
  return machineDefinitionSchema.parse(row.definition);
}

/** All that the tenant saved, the latest first. */
export async function listMachineVersions(manager: EntityManager): Promise<MachineVersion[]> {
  return z.array(machineVersionSchema).parse(await manager.query(
    'SELECT version, saved_by AS "savedBy", saved_at AS "savedAt", is_active AS "isActive" FROM order_machine ORDER BY version DESC'));
}

/** Which version holds, so that nobody else changes that until the transaction ends. */
export async function lockActiveVersion(manager: EntityManager): Promise<number> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`order-machine/${tenantContext.require().tenantId}`]);
  const [row] = await manager.query<Array<{ version: number }>>('SELECT version FROM order_machine WHERE is_active');
  return row?.version ?? defaultVersion;
}

/** Saves a version and makes it hold. The caller has locked the one that does. */
export async function saveMachine(manager: EntityManager, definition: MachineDefinition, savedBy: string): Promise<void> {
  await manager.query('UPDATE order_machine SET is_active = false WHERE is_active');
  await manager.query(
    `INSERT INTO order_machine (tenant_id, version, definition, saved_by, is_active)
     SELECT $1, coalesce(max(version), 0) + 1, $2, $3, true FROM order_machine`,
    [tenantContext.require().tenantId, JSON.stringify(definition), savedBy]);
}

/** Makes an old version hold again, or the default. The caller has locked the one that does. */
export async function activateMachine(manager: EntityManager, version: number): Promise<void> {
  await manager.query('UPDATE order_machine SET is_active = false WHERE is_active');
  await manager.query('UPDATE order_machine SET is_active = true WHERE version = $1', [version]);
}
