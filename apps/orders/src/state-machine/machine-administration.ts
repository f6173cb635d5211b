import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { checkMachine, type MachineProblem } from './machine-check.ts';
import type { MachineDefinition } from './machine-definition.ts';
import { machineDiagram } from './machine-diagram.ts';
import {
  activateMachine, findDefinition, listMachineVersions, lockActiveVersion, OrderMachines, saveMachine, type MachineVersion,
} from './machine.repository.ts';

/** The state machine that holds for a tenant, as the API shows it. */
export interface MachineView {
  /** 0 stands for the default. */
  readonly version: number;
  readonly definition: MachineDefinition;
  /** A Mermaid state diagram of it. */
  readonly diagram: string;
  /** All that were saved, the latest first; times are ISO 8601 in UTC with milliseconds. */
  readonly versions: ReadonlyArray<Omit<MachineVersion, 'savedAt'> & { readonly savedAt: string }>;
}

/** What became of a change. `overtaken`: another version holds than the caller had seen. */
export type MachineChange =
  | { readonly outcome: 'saved'; readonly machine: MachineView }
  | { readonly outcome: 'refused'; readonly problems: readonly MachineProblem[] }
  | { readonly outcome: 'overtaken'; readonly version: number };

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
