import { Args, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { nullIfNotFound } from '../null-if-not-found.ts';
import { listQuery, pageArgumentsShape, toPage, type Page } from '../page.ts';
import { ServiceReader } from '../service-reader.ts';
import { cohortsSchema, dealReportSchema, funnelSchema, reportSchema, sampleReportSchema, timeToRevenueSchema } from './attribution-answers.ts';

const text = z.string().min(1).max(100).nullish();
const reportArgumentsSchema = z.object({ ...pageArgumentsShape, by: text, models: z.array(z.string().min(1).max(100)).max(20).nullish(), from: text, to: text, order: z.int().nullish() });
const periodSchema = z.object({ from: text, to: text });
const dealSchema = z.object({ id: z.uuid(), model: text });
const sampleSchema = z.object({ shipmentId: z.uuid(), model: text });

type Report = z.output<typeof reportSchema>;

/** The attribution service checks models, dimensions and periods, as it does for REST. */
@Resolver('Attribution')
export class AttributionResolver {
  constructor(private readonly reader: ServiceReader) {}

  @Query('attribution')
  attribution(): Record<string, never> {
    return {};
  }

  @ResolveField('report')
  async report(@Args() args: unknown): Promise<Omit<Report, 'rows' | 'result' | 'nextCursor'> & Report['result'] & Page<Report['rows'][number]>> {
    const { first, after, models, ...query } = reportArgumentsSchema.parse(args);
    const { rows: items, result, nextCursor, ...report } = await this.#read(`report${listQuery({ ...query, models: models?.join(','), limit: first, cursor: after })}`, reportSchema);
    return { ...report, ...result, ...toPage({ items, nextCursor }) };
  }

  @ResolveField('deal')
  async deal(@Args() args: unknown): Promise<z.output<typeof dealReportSchema> | null> {
    const { id, model } = dealSchema.parse(args);
    return nullIfNotFound(this.#read(`deals/${id}${listQuery({ model })}`, dealReportSchema));
  }

  @ResolveField('sample')
  async sample(@Args() args: unknown): Promise<z.output<typeof sampleReportSchema> | null> {
    const { shipmentId, model } = sampleSchema.parse(args);
    return nullIfNotFound(this.#read(`samples/${shipmentId}${listQuery({ model })}`, sampleReportSchema));
  }

  @ResolveField('funnel')
  async funnel(@Args() args: unknown): Promise<z.output<typeof funnelSchema>> {
    return this.#read(`funnel${listQuery(periodSchema.parse(args))}`, funnelSchema);
  }

  @ResolveField('cohorts')
  async cohorts(@Args() args: unknown): Promise<z.output<typeof cohortsSchema>['items']> {
    return (await this.#read(`cohorts${listQuery(periodSchema.parse(args))}`, cohortsSchema)).items;
  }

  @ResolveField('timeToRevenue')
  async timeToRevenue(@Args() args: unknown): Promise<z.output<typeof timeToRevenueSchema>> {
    return this.#read(`time-to-revenue${listQuery(periodSchema.parse(args))}`, timeToRevenueSchema);
  }

  #read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    return this.reader.read('attribution', { method: 'GET', path: `/v1/attribution/${path}` }, schema);
  }
}
