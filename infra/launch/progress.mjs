import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

const SIGN_OF_LIFE_EVERY_MS = 10_000;

/** @typedef {(text: string) => void} Note what a step says about itself; the latest stands in its line */

/**
 * Runs one step of the set-up and prints one line for it: name, seconds, and what the step says about itself.
 * @template T
 * @param {string} name
 * @param {(note: Note) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runStep(name, work) {
  const startedMs = performance.now();
  let latest = '';
  try {
    const result = await withSignsOfLife(name, () => latest, () => work((text) => {
      latest = text;
    }));
    printLine('✓', name, startedMs, latest);
    return result;
  } catch (error) {
    printLine('✗', name, startedMs, '');
    throw error;
  }
}

/**
 * Prints a line every ten seconds while long work goes on.
 * @template T
 * @param {string} name
 * @param {() => string} latest what the work last said about itself
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSignsOfLife(name, latest, work) {
  const startedMs = performance.now();
  const timer = setInterval(() => printLine('…', name, startedMs, latest()), SIGN_OF_LIFE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {'✓' | '✗' | '…'} sign
 * @param {string} name
 * @param {number} startedMs by performance.now()
 * @param {string} text
 */
export function printLine(sign, name, startedMs, text) {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${sign} ${name.padEnd(24)} ${seconds.padStart(6)} s${text === '' ? '' : `  ${text}`}\n`);
}
