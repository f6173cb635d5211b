import { workingServices } from '../../facade/working-services.ts';

/** A tenant's long work. */
export const jobTypes = `
"""Long work in one of the services: how far it is, and how it ended."""
type Job @access(scopes: ["jobs:read"]) {
  id: ID!
  "The service that does it: ${workingServices.join(', ')}."
  service: String!
  kind: String!
  state: String!
  "Ids of what it is about."
  about: JSON
  "What can be done with it at present."
  acts: JSON
  "From 0 to 1; null while nobody knows how much there is to do."
  progress: Float
  total: Float
  done: Float!
  failed: Float!
  step: String
  ratePerSecond: Float
  secondsLeft: Float
  isCancelRequested: Boolean!
  error: JobError
  createdAt: DateTime!
  startedAt: DateTime
  updatedAt: DateTime!
  endedAt: DateTime
}

type JobError @access(scopes: ["jobs:read"]) {
  kind: String!
  message: String!
}

type JobPage @access(scopes: ["jobs:read"]) {
  nodes: [Job!]!
  pageInfo: PageInfo!
  "Services that do not answer: what they hold is missing."
  unavailable: [String!]!
}

extend type Query {
  job(service: String!, id: ID!): Job @access(scopes: ["jobs:read"])
  "Of all services, newest first."
  jobs(first: Int, after: String, kind: String, state: String): JobPage! @access(scopes: ["jobs:read"])
}

type Subscription {
  "The job as it is now, again whenever it has moved on, and at last as it ended."
  job(service: String!, id: ID!): Job! @access(scopes: ["jobs:read"])
}

type Mutation {
  "Asks a job to end: what it has done by then stays."
  cancelJob(service: String!, id: ID!): Job! @access(scopes: ["jobs:read", "jobs:write"])
  "Lets a failed or cancelled job go on; the answer may be another job, which goes on in its place."
  resumeJob(service: String!, id: ID!): Job! @access(scopes: ["jobs:read", "jobs:write"])
}
`;
