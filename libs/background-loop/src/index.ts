export { BackgroundLoop, type LoopOptions, type RoundResult } from './background-loop.ts';
