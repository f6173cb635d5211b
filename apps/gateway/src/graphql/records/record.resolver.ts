import { crmObjectSchema, type CrmObject } from '@crossdock/contracts';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { CrmAccounts } from '../../facade/crm-accounts.ts';
import type { OperationContext } from '../operation-context.ts';
import { listQuery, pageArgumentsShape, toPage, type Page } from '../page.ts';
import { ServiceReader } from '../service-reader.ts';
import { recordListSchema, type RecordNode } from './record-node.ts';

const idSchema = z.object({ id: z.uuid() });
const listSchema = z.object(pageArgumentsShape);
const searchSchema = z.object({ connectionId: z.uuid(), object: crmObjectSchema, field: z.string().min(1).max(100), values: z.array(z.string().min(1).max(255)).min(1).max(100) });
const foundSchema = z.object({ records: z.array(z.record(z.string(), z.unknown())) });

@Resolver()
export class RecordResolver {
  constructor(private readonly reader: ServiceReader, private readonly accounts: CrmAccounts) {}

  @Query('contact')
  contact(@Args() args: unknown, @Context() context: OperationContext): Promise<RecordNode | null> {
    return this.#find('contact', args, context);
  }

  @Query('contacts')
  contacts(@Args() args: unknown): Promise<Page<RecordNode>> {
    return this.#list('contact', args);
  }

  @Query('company')
  company(@Args() args: unknown, @Context() context: OperationContext): Promise<RecordNode | null> {
    return this.#find('company', args, context);
  }

  @Query('companies')
  companies(@Args() args: unknown): Promise<Page<RecordNode>> {
    return this.#list('company', args);
  }

  @Query('deal')
  deal(@Args() args: unknown, @Context() context: OperationContext): Promise<RecordNode | null> {
    return this.#find('deal', args, context);
  }

  @Query('deals')
  deals(@Args() args: unknown): Promise<Page<RecordNode>> {
    return this.#list('deal', args);
  }

  @Query('accountRecords')
  async accountRecords(@Args() args: unknown): Promise<ReadonlyArray<Record<string, unknown>>> {
    const { connectionId, object, ...body } = searchSchema.parse(args);
    return foundSchema.parse(await this.accounts.call(connectionId, { method: 'POST', path: `records/${object}/search`, body, asksVendor: true })).records;
  }

  async #find(object: CrmObject, args: unknown, { loaders }: OperationContext): Promise<RecordNode | null> {
    const found = await loaders.records.load(idSchema.parse(args).id);
    return found?.object === object ? found : null;
  }

  async #list(object: CrmObject, args: unknown): Promise<Page<RecordNode>> {
    const { first, after } = listSchema.parse(args);
    return toPage(await this.reader.read('sync', { method: 'GET', path: `/v1/golden-records${listQuery({ object, limit: first, cursor: after })}` }, recordListSchema));
  }
}
