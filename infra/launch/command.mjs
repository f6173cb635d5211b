import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { LOGS, ROOT } from './folders.mjs';

/**
 * Runs a program to its end with its output in `.crossdock/logs/<log>.log`; answers its exit status (127: not found) and that path.
 * The node of `nodePath` comes first on PATH, so that npm and the packages' own scripts run under it.
 * @param {string} log
 * @param {string} program
 * @param {string[]} args
 * @param {{ nodePath?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ status: number, logFile: string }>}
 */
export async function runLogged(log, program, args, options = {}) {
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, `${log}.log`);
  const output = openSync(logFile, 'w');
  const nodeFolder = dirname(options.nodePath ?? process.execPath);
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env, PATH: `${nodeFolder}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', output, output],
  });
  try {
    const status = await new Promise((resolve) => {
      child.once('error', () => resolve(127));
      child.once('exit', (code) => resolve(code ?? 1));
    });
    return { status, logFile };
  } finally {
    closeSync(output);
  }
}
