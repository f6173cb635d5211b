export interface PipelineStage {
  id: string;
  label: string;
  displayOrder: number;
  metadata: { isClosed: 'true' | 'false'; probability: string };
  writePermissions: string;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

export interface Pipeline {
  id: string;
  label: string;
  displayOrder: number;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  stages: PipelineStage[];
}

const beginning = new Date(0).toISOString();

const stage = (id: string, label: string, displayOrder: number, probability: string): PipelineStage => ({
  id,
  label,
  displayOrder,
  metadata: { isClosed: probability === '1.0' || probability === '0.0' ? 'true' : 'false', probability },
  writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  createdAt: beginning,
  updatedAt: beginning,
  archived: false,
});

const pipeline = (id: string, label: string, displayOrder: number, stages: PipelineStage[]): Pipeline =>
  ({ id, label, displayOrder, createdAt: beginning, updatedAt: beginning, archived: false, stages });

/** The sales pipeline that every new portal has, and one that a portal may have beside it. */
const [sales, renewals]: readonly [Pipeline, Pipeline] = [
  pipeline('default', 'Sales Pipeline', 0, [
    stage('appointmentscheduled', 'Appointment Scheduled', 0, '0.2'),
    stage('qualifiedtobuy', 'Qualified To Buy', 1, '0.4'),
    stage('presentationscheduled', 'Presentation Scheduled', 2, '0.6'),
    stage('decisionmakerboughtin', 'Decision Maker Bought-In', 3, '0.8'),
    stage('contractsent', 'Contract Sent', 4, '0.9'),
    stage('closedwon', 'Closed Won', 5, '1.0'),
    stage('closedlost', 'Closed Lost', 6, '0.0'),
  ]),
  pipeline('renewals', 'Renewals', 1, [
    stage('renewal_due', 'Due', 0, '0.5'),
    stage('renewal_won', 'Renewed', 1, '1.0'),
    stage('renewal_won_early', 'Renewed early', 2, '1.0'),
    stage('renewal_lost', 'Not renewed', 3, '0.0'),
  ]),
];

export const pipelinesOf = ({ hasRenewals }: { hasRenewals: boolean }): Pipeline[] => (hasRenewals ? [sales, renewals] : [sales]);

/** All pipelines that a portal may have. */
export const dealPipelines: readonly Pipeline[] = pipelinesOf({ hasRenewals: true });

export const findStage = (id: string): PipelineStage | undefined =>
  dealPipelines.flatMap((pipeline) => pipeline.stages).find((candidate) => candidate.id === id);
