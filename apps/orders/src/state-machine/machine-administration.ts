import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { checkMachine, machineProblemSchema } from './machine-check.ts';
import { machineDefinitionSchema, type MachineDefinition } from './machine-definition.ts';
import { machineDiagram } from './machine-diagram.ts';
import {
  activateMachine, findDefinition, listMachineVersions, lockActiveVersion, machineVersionSchema, OrderMachines, saveMachine } from './machine.repository.ts';

/** The state machine that holds for a tenant, as the API shows it. */
export const machineViewSchema = z.object({
  version: z.int().describe('0 stands for the default.'),
  definition: machineDefinitionSchema,
  diagram: z.string().describe('A Mermaid state diagram of it.'),
  versions: z.array(machineVersionSchema.omit({ savedAt: true }).extend({
    savedAt: timestampSchema,
  })).readonly().describe('All that were saved, the latest first; times are ISO 8601 in UTC with milliseconds.'),
}).meta({ id: 'OrderStateMachine' });
export type MachineView = z.infer<typeof machineViewSchema>;

/** What became of a change. `overtaken`: another version holds than the caller had seen. */
export const machineChangeSchema = z.union([z.object({
  outcome: z.literal('saved'),
  machine: machineViewSchema,
}), z.object({
  outcome: z.literal('refused'),
  problems: z.array(machineProblemSchema).readonly(),
}), z.object({
  outcome: z.literal('overtaken'),
  version: z.int(),
})]);
export type MachineChange = z.infer<typeof machineChangeSchema>;

/** What an administrator does with how the tenant's orders move. Orders that are there keep their state. */
@Injectable()
export class MachineAdministration {
  constructor(private readonly database: TenantDatabase, private readonly machines: OrderMachines) {}

  show(): Promise<MachineView> {
    return this.#inTenant((manager) => this.#view(manager));
  }

  /** Saves a definition that has no faults as a new version, which holds from now on. */
  async save(definition: MachineDefinition, { seen, savedBy }: { readonly seen: number; readonly savedBy: string }): Promise<MachineChange> {
    const problems = checkMachine(definition);
    if (problems.length > 0) return { outcome: 'refused', problems };
    return this.#change(seen, (manager) => saveMachine(manager, definition, savedBy));
  }

  /**
   * Makes an old version hold again; 0 stands for the default. One that was saved under other rules is checked by those of now.
   * @throws Failure `not_found`
   */
  async rollBack(version: number, seen: number): Promise<MachineChange> {
    const problems = checkMachine(await this.#inTenant((manager) => findDefinition(manager, version)));
    if (problems.length > 0) return { outcome: 'refused', problems };
    return this.#change(seen, (manager) => activateMachine(manager, version));
  }

  #change(seen: number, work: (manager: EntityManager) => Promise<void>): Promise<MachineChange> {
    return this.#inTenant(async (manager) => {
      const version = await lockActiveVersion(manager);
      if (version !== seen) return { outcome: 'overtaken', version };
      await work(manager);
      return { outcome: 'saved', machine: await this.#view(manager) };
    });
  }

  async #view(manager: EntityManager): Promise<MachineView> {
    const { version, definition } = await this.machines.active(manager);
    const versions = (await listMachineVersions(manager)).map(({ savedAt, ...rest }) => ({ ...rest, savedAt: savedAt.toISOString() }));
    return { version, definition, diagram: machineDiagram(definition), versions };
  }

  #inTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}
