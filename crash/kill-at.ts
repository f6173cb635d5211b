/**
 * Loaded by `--import` into a process that is to be killed at a step. The step, and at which time of reaching it, stand in
 * the file that `CRASH_AT_FILE` names, as JSON `{ "step": …, "times": … }`; SIGUSR2 has it read. Each step is a channel of
 * `node:diagnostics_channel` whose subscribers are called at once, so that nothing more happens after the step.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { carelessStep, steps } from './steps.ts';

let armed: { step: string; times: number } | undefined;

process.on('SIGUSR2', () => {
  const file = process.env['CRASH_AT_FILE'];
  if (file !== undefined) armed = JSON.parse(readFileSync(file, 'utf8')) as { step: string; times: number };
});

for (const step of [...steps, carelessStep]) {
  subscribe(`crossdock.${step}`, () => {
    if (armed?.step !== step) return;
    armed.times -= 1;
    if (armed.times <= 0) process.kill(process.pid, 'SIGKILL');
  });
}
