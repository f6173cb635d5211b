import { type JourneyModel, journeyModels } from '@crossdock/attribution-models';
import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { touchDimensions } from '../credit/touch-dimensions.ts';

/** Sums are kept by the day. */
const daySchema = z.union([z.iso.date(), timestampSchema.refine((time) => time.endsWith('T00:00:00.000Z'), 'must be the beginning of a day in UTC')])
  .transform((text) => text.slice(0, 10));

export const reportDimensions = ['channel', 'campaign', 'product', 'account', 'workspace', 'owner', 'month'] as const;

export const reportQuerySchema = z.strictObject({
  by: z.enum(reportDimensions).default('channel'),
  /** Comma-separated; all where left out. */
  models: z.string().optional().transform((text, context): readonly JourneyModel[] => {
    const names = text === undefined ? journeyModels : [...new Set(text.split(','))];
    const unknown = names.find((name) => !journeyModels.some((model) => model === name));
    if (unknown !== undefined) context.addIssue({ code: 'custom', message: `There is no model ${unknown}: take ${journeyModels.join(', ')}.` });
    return journeyModels.filter((model) => names.includes(model));
  }),
  /** Deals won on that day or later; as a time it is the beginning of a day in UTC. */
  from: daySchema.optional(),
  /** Deals won before that day. */
  to: daySchema.optional(),
  /** Of the Markov chain; as the tenant's settings say where left out. */
  order: z.coerce.number().int().min(1).max(3).optional(),
  /** Deals at the connections of this workspace alone, and touches that came by them. */
  workspace: z.uuid().optional(),
  /** Rows of a page. */
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
  /** The row to go on after, as the page before told. */
  cursor: z.string().max(1_000).optional(),
});
/** Of reports that answer for a period alone. */
export const periodQuerySchema = z.strictObject({ from: daySchema.optional(), to: daySchema.optional() })
  .transform(({ from, to }): Period => ({ from, to }));
/** Of the deals behind a number of the report. */
export const creditedDealsQuerySchema = z.strictObject({
  /** All won deals of the period, whole, where left out. */
  by: z.enum(touchDimensions).optional(),
  /** The row's key; touches of none where left out. */
  key: z.string().max(1_000).optional(),
  model: z.enum(journeyModels).optional(),
  from: daySchema.optional(),
  to: daySchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().regex(/^[\dT:.Z-]{24}\/[\da-f-]{36}$/).optional(),
});
export type CreditedDealsQuery = Omit<z.infer<typeof creditedDealsQuerySchema>, 'model'>;
export type ReportQuery = z.infer<typeof reportQuerySchema>;

/** The connections of each workspace of a tenant, as the gateway knows them. */
export type Workspaces = Readonly<Record<string, readonly string[]>>;
const workspacesSchema = z.record(z.uuid(), z.array(z.uuid()));

/** What the gateway told by its header; there are none where it told nothing. */
export function readWorkspaces(header: string | undefined): Workspaces {
  return header === undefined ? {} : workspacesSchema.parse(JSON.parse(header));
}

/** By what credits are summed. */
export type Dimension = ReportQuery['by'];

/** Whole days in UTC, `YYYY-MM-DD`; `to` is not in it. */
export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}
