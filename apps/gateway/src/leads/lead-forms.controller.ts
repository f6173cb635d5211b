import { Body, ConflictException, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { wrongAt } from '@crossdock/service-kit';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Answers, pageSchema } from '@crossdock/contracts';
import { listQuerySchema, pageOf, type ListPage } from '../requests/list-page.ts';
import { leadFormSchema, newLeadFormSchema, type LeadForm } from './lead-form.ts';
import { LeadFormRepository } from './lead-form.repository.ts';

/** Forms on the tenant's pages whose posts become leads. */
@RequireScope('syncs:read')
@Controller('v1/lead-forms')
export class LeadFormsController {
  constructor(private readonly forms: LeadFormRepository) {}

  /** The tenant’s forms: `limit`, `cursor`. */
  @Get()
  @Answers(pageSchema(leadFormSchema))
  async list(@Query() query: unknown): Promise<ListPage<LeadForm>> {
    const wanted = listQuerySchema.parse(query);
    return pageOf(await this.forms.list(tenantContext.require().tenantId), wanted);
  }

  /** Makes a form, to be posted to `/forms/{id}`. 409 where the name is taken. */
  @RequireScope('syncs:write')
  @Post()
  @Answers(leadFormSchema)
  async create(@Body() body: unknown): Promise<LeadForm> {
    const wanted = newLeadFormSchema.parse(body);
    const form = await this.forms.create(tenantContext.require().tenantId, wanted);
    if (!form) throw new ConflictException(wrongAt('/name', `There is a form named ${wanted.name} already.`));
    return form;
  }

  /** Posts of it are refused from now on. */
  @RequireScope('syncs:write')
  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    if (!await this.forms.delete(tenantContext.require().tenantId, id)) throw new NotFoundException(`There is no form ${id}.`);
  }
}
