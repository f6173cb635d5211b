import { type JourneyModel, journeyModels } from '@crossdock/attribution-models';
import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

export const reportQuerySchema = z.strictObject({
  by: z.enum(['channel', 'campaign', 'product']).default('channel'),
  /** Comma-separated; all where left out. */
  models: z.string().optional().transform((text, context): readonly JourneyModel[] => {
    const names = text === undefined ? journeyModels : [...new Set(text.split(','))];
    const unknown = names.find((name) => !journeyModels.some((model) => model === name));
    if (unknown !== undefined) context.addIssue({ code: 'custom', message: `There is no model ${unknown}: take ${journeyModels.join(', ')}.` });
    return journeyModels.filter((model) => names.includes(model));
  }),
  /** Deals won from then on. */
  from: timestampSchema.optional(),
  /** Deals won before then. */
  to: timestampSchema.optional(),
  /** Of the Markov chain. */
  order: z.coerce.number().int().min(1).max(3).default(1),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;

/** By which trait of a touch credits are summed. */
export type Dimension = ReportQuery['by'];

export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}
