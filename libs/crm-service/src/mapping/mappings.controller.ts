import { Answers, crmObjectSchema, objectDescriptionSchema, type ObjectDescription } from '@crossdock/contracts';
import { checkedRulesSchema, mappingRulesSchema, type CheckedRules } from '@crossdock/field-mapping';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import type { MappedObject } from './mapped-object.ts';
import { MappingAdministration, mappingChangeSchema, type MappingChange } from './mapping-administration.ts';
import { recordTrialSchema, type RecordTrial } from './mapping-trial.ts';
import { mappingVersionPageSchema, mappingViewSchema, type MappingVersionPage, type MappingView } from './mapping.view.ts';

const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });
/** The version that whoever changes the mapping has seen. */
const seenSchema = z.int().min(0);
const savingSchema = z.strictObject({ rules: mappingRulesSchema, savedBy: z.string().min(1).max(255), seen: seenSchema });
/** @public */
export const trialSchema = z.strictObject({ ids: z.array(z.string().min(1).max(255)).min(1).max(20), rules: mappingRulesSchema.exactOptional() });
const versionQuerySchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20), cursor: z.coerce.number().int().min(1).optional() });
const rollBackSchema = z.strictObject({ version: z.int().min(0), seen: seenSchema });

/** How a tenant maps the fields of an account, kind of record by kind. */
@Controller('v1/connections/:id')
export class MappingsController {
  constructor(private readonly mappings: MappingAdministration) {}

  /** What the account's fields are now. */
  @RequireScope('connections:read')
  @Get('schema/:object')
  @Answers(objectDescriptionSchema.meta({ id: 'AccountSchema' }))
  schema(@Param() path: unknown): Promise<ObjectDescription> {
    return this.mappings.describe(targetOf(path));
  }

  @RequireScope('connections:read')
  @Get('mappings/:object')
  @Answers(mappingViewSchema)
  show(@Param() path: unknown): Promise<MappingView> {
    return this.mappings.show(targetOf(path));
  }

  @RequireScope('connections:read')
  @Get('mappings/:object/versions')
  @Answers(mappingVersionPageSchema)
  versions(@Param() path: unknown, @Query() query: unknown): Promise<MappingVersionPage> {
    const { limit, cursor } = versionQuerySchema.parse(query);
    return this.mappings.versions(targetOf(path), { limit, before: cursor });
  }

  /** Saves rules as a new version, if the account as it is now can keep them. */
  @RequireScope('connections:write')
  @Put('mappings/:object')
  @Answers(mappingChangeSchema)
  save(@Param() path: unknown, @Body() body: unknown): Promise<MappingChange> {
    const { rules, ...author } = savingSchema.parse(body);
    return this.mappings.save(targetOf(path), rules, author);
  }

  /** Says what saving would; keeps nothing. */
  @RequireScope('connections:read')
  @Post('mappings/:object/check')
  @HttpCode(200)
  @Answers(checkedRulesSchema)
  check(@Param() path: unknown, @Body() body: unknown): Promise<CheckedRules> {
    return this.mappings.check(targetOf(path), mappingRulesSchema.parse(body));
  }

  /** Shows what rules make of up to twenty records. It asks for the right to write, since it shows the records themselves. */
  @RequireScope('connections:write')
  @Post('mappings/:object/try')
  @HttpCode(200)
  @Answers(checkedRulesSchema.extend({ records: z.array(recordTrialSchema) }))
  try(@Param() path: unknown, @Body() body: unknown): Promise<CheckedRules & { readonly records: readonly RecordTrial[] }> {
    const { ids, rules } = trialSchema.parse(body);
    return this.mappings.try(targetOf(path), ids, rules);
  }

  /** Makes an old version hold again; 0 stands for the defaults. */
  @RequireScope('connections:write')
  @Post('mappings/:object/roll-back')
  @HttpCode(200)
  @Answers(mappingChangeSchema)
  rollBack(@Param() path: unknown, @Body() body: unknown): Promise<MappingChange> {
    const { version, seen } = rollBackSchema.parse(body);
    return this.mappings.rollBack(targetOf(path), version, seen);
  }
}

function targetOf(path: unknown): MappedObject {
  const { id: connectionId, object } = pathSchema.parse(path);
  return { tenantId: tenantContext.require().tenantId, connectionId, object };
}
