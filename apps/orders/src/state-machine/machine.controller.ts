import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { MachineAdministration, machineChangeSchema, machineViewSchema, type MachineChange, type MachineView } from './machine-administration.ts';
import { checkMachine, machineProblemSchema, type MachineProblem } from './machine-check.ts';
import { machineDefinitionSchema } from './machine-definition.ts';

/** The version that holds as far as the author of a change has seen. */
const seen = z.int().min(0);
const savingSchema = z.strictObject({ definition: machineDefinitionSchema, seen, savedBy: z.string().min(1).max(255) });
const rollBackSchema = z.strictObject({ version: z.int().min(0), seen });

/** How the tenant's orders move. */
@Controller('v1/orders/state-machine')
export class MachineController {
  constructor(private readonly machines: MachineAdministration) {}

  @RequireScope('orders:read')
  @Get()
  @Answers(machineViewSchema)
  show(): Promise<MachineView> {
    return this.machines.show();
  }

  /** Saves a definition as a new version, if nothing is wrong with it and nobody else has changed it meanwhile. */
  @RequireScope('orders:write')
  @Put()
  @Answers(machineChangeSchema)
  save(@Body() body: unknown): Promise<MachineChange> {
    const { definition, ...by } = savingSchema.parse(body);
    return this.machines.save(definition, by);
  }

  /** Says what is wrong with a definition; keeps nothing. */
  @RequireScope('orders:read')
  @Post('check')
  @HttpCode(200)
  @Answers(z.object({ problems: z.array(machineProblemSchema) }))
  check(@Body() body: unknown): { readonly problems: readonly MachineProblem[] } {
    return { problems: checkMachine(machineDefinitionSchema.parse(body)) };
  }

  /** Makes an old version hold again; 0 stands for the default. */
  @RequireScope('orders:write')
  @Post('roll-back')
  @HttpCode(200)
  @Answers(machineChangeSchema)
  rollBack(@Body() body: unknown): Promise<MachineChange> {
    const { version, seen: seenVersion } = rollBackSchema.parse(body);
    return this.machines.rollBack(version, seenVersion);
  }
}
