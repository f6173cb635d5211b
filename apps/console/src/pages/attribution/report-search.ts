import * as z from 'zod/mini';

export const dimensions = ['channel', 'campaign', 'product', 'month'] as const;
export type Dimension = (typeof dimensions)[number];
export const models = ['first', 'last', 'last-non-direct', 'linear', 'position', 'w-shaped', 'time-decay', 'shapley', 'markov'] as const;
export type Model = (typeof models)[number];
/** Those that share out each deal by itself, so that a number can be followed to its deals. */
export type DealModel = Exclude<Model, 'markov'>;
const modelsAtFirst: readonly Model[] = ['first', 'last', 'linear'];

const day = z.catch(z.optional(z.iso.date()), undefined);
const searchSchema = z.object({
  by: z.catch(z.optional(z.enum(dimensions)), undefined),
  models: z.catch(z.optional(z.string().check(z.maxLength(200))), undefined),
  from: day,
  to: day,
  model: z.catch(z.optional(z.enum(models)), undefined),
  key: z.catch(z.optional(z.string().check(z.maxLength(1_000))), undefined),
});

/** What the address of the page says: which report, and, where a model is named, the number whose deals are shown. */
export interface ReportSearch {
  readonly by?: Dimension;
  /** Separated by commas, as the interface takes them. */
  readonly models?: string;
  readonly from?: string;
  readonly to?: string;
  readonly model?: Model;
  /** Of the row; absent for what belongs to none. */
  readonly key?: string;
}

/** Reads the page's address; what makes no sense there is left out, since anybody may have written it. The router reads a campaign called 2026 as a number. */
export function reportSearchOf(search: Record<string, unknown>): ReportSearch {
  const { key } = search;
  const read = z.parse(searchSchema, { ...search, ...((typeof key === 'number' || typeof key === 'boolean') && { key: String(key) }) });
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** The models that stand side by side, in the order of the list; some at least. */
export function modelsOf({ models: wanted }: Pick<ReportSearch, 'models'>): readonly Model[] {
  const named = new Set(wanted?.split(','));
  const known = models.filter((model) => named.has(model));
  return known.length === 0 ? modelsAtFirst : known;
}

/** The days of a month, `2026-03`, as far as they lie within a period; the last one is the day after. */
export function periodOfMonth(month: string, { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): { readonly from: string; readonly to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const [first, next] = [`${month}-01`, new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10)];
  return { from: from !== undefined && from > first ? from : first, to: to !== undefined && to < next ? to : next };
}
