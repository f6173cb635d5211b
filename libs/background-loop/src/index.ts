export { BackgroundLoop, type LoopOptions, type RoundResult } from './background-loop.ts';
export { GroupCommit, type GroupCommitOptions } from './group-commit.ts';
