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

/** The sales pipeline that every new portal has. */
export const dealPipelines: readonly Pipeline[] = [
  {
    id: 'default',
    label: 'Sales Pipeline',
    displayOrder: 0,
    createdAt: beginning,
    updatedAt: beginning,
    archived: false,
    stages: [
      stage('appointmentscheduled', 'Appointment Scheduled', 0, '0.2'),
      stage('qualifiedtobuy', 'Qualified To Buy', 1, '0.4'),
      stage('presentationscheduled', 'Presentation Scheduled', 2, '0.6'),
      stage('decisionmakerboughtin', 'Decision Maker Bought-In', 3, '0.8'),
      stage('contractsent', 'Contract Sent', 4, '0.9'),
      stage('closedwon', 'Closed Won', 5, '1.0'),
      stage('closedlost', 'Closed Lost', 6, '0.0'),
    ],
  },
];

export const findStage = (id: string): PipelineStage | undefined =>
  dealPipelines.flatMap((pipeline) => pipeline.stages).find((candidate) => candidate.id === id);
