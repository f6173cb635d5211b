import { lifecycleStages, lifecycleStageSchema, type FieldValue } from '@crossdock/contracts';

/** The canonical field that moves forward by itself, and backward only where somebody says so. */
export const stageField = 'lifecycleStage';

/** Whether a person would go back by this change; to have no stage any more is the farthest back. A value that is no stage is none. */
export function isBackward(from: FieldValue, to: FieldValue): boolean {
  return rankOf(to) < rankOf(from);
}

function rankOf(value: FieldValue): number {
  const stage = lifecycleStageSchema.safeParse(value);
  return stage.success ? lifecycleStages.indexOf(stage.data) : -1;
}
