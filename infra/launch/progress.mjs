import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

const SIGN_OF_LIFE_EVERY_MS = 10_000;

/** @typedef {(text: string) => void} Note what a step says about itself; the latest stands in its line */

/**
 * Runs one step of the set-up and prints one line for it: name, seconds, and what the step says about itself.
 * A long step gives a sign of life every ten seconds, with its latest note.
 * @template T
 * @param {string} name
 * @param {(note: Note) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runStep(name, work) {
  const startedMs = performance.now();
  let latest = '';
  const timer = setInterval(() => print('…', name, startedMs, latest), SIGN_OF_LIFE_EVERY_MS);
  try {
    const result = await work((text) => {
      latest = text;
    });
    print('✓', name, startedMs, latest);
    return result;
  } catch (error) {
    print('✗', name, startedMs, '');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {string} sign
 * @param {string} name
 * @param {number} startedMs
 * @param {string} text
 */
function print(sign, name, startedMs, text) {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${sign} ${name.padEnd(24)} ${seconds.padStart(6)} s${text === '' ? '' : `  ${text}`}\n`);
}
