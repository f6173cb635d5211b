import { existsSync, readFileSync } from 'node:fs';

/** The last lines of a log file, to stand beside the message about a process that failed; empty when there is no such file. */
export function tailOf(logFile: string, lines = 12): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
