import { Failure, type DealStatus } from '@crossdock/contracts';
import { z } from 'zod';
import { guarded } from '../hubspot.answers.ts';
import { callOf, type HubSpotAccount } from './object-types.ts';

const pipelineSchema = z.object({
  id: z.string().min(1),
  label: z.string(),
  displayOrder: z.number(),
  archived: z.boolean().default(false),
  stages: z.array(z.object({
    id: z.string().min(1),
    label: z.string(),
    displayOrder: z.number(),
    archived: z.boolean().default(false),
    metadata: z.object({ isClosed: z.string().optional(), probability: z.string().optional() }).default({}),
  })),
});
export type DealPipeline = z.infer<typeof pipelineSchema>;

export const closedDealOptions = (['open', 'won', 'lost'] as const).map((value) => ({ value, label: value, isActive: true }));

/** The pipelines of deals and their stages, each in the order that people see. */
export async function readPipelines(account: HubSpotAccount): Promise<DealPipeline[]> {
  const answer = await account.api.pipelines(callOf(account, 'pipelines.getAll')).getAll('deals');
  const inOrder = (a: { displayOrder: number }, b: { displayOrder: number }) => a.displayOrder - b.displayOrder;
  return guarded(z.object({ results: z.array(pipelineSchema) }), answer, 'pipelines.getAll').results
    .filter(({ archived }) => !archived).sort(inOrder)
    .map((pipeline) => ({ ...pipeline, stages: pipeline.stages.filter(({ archived }) => !archived).sort(inOrder) }));
}

/** A stage that closes deals is one of won or of lost deals by its probability: all, or nothing. */
function statusOf({ metadata }: DealPipeline['stages'][number]): DealStatus {
  if (metadata.isClosed !== 'true') return 'open';
  return Number(metadata.probability) === 1 ? 'won' : 'lost';
}

/** Whether the stage for a status depends on the deal: on which pipeline it is in, or whether it has another such stage already. */
export function dependsOnDeal(status: DealStatus, pipelines: readonly DealPipeline[]): boolean {
  return pipelines.length > 1 || (pipelines[0]?.stages.filter((stage) => statusOf(stage) === status).length ?? 0) > 1;
}

/**
 * The properties that bring a deal to a status: the first such stage of its own pipeline, or of the first one for a deal that is new.
 * @throws Failure `invalid` where the pipeline has no such stage.
 */
export function stageFor(status: DealStatus, pipelines: readonly DealPipeline[], pipelineId?: string): { pipeline: string; dealstage: string } {
  const pipeline = pipelines.find(({ id }) => id === pipelineId) ?? pipelines[0];
  const stage = pipeline?.stages.find((each) => statusOf(each) === status);
  if (!pipeline || !stage) {
    throw new Failure('invalid', `The pipeline ${pipeline?.label ?? 'of deals'} in HubSpot has no stage for deals that are ${status}: add one, or map the stage instead.`, { field: 'dealstage' });
  }
  return { pipeline: pipeline.id, dealstage: stage.id };
}
