/**
 * Sends a signal to the process group that `pid` leads (0 only asks whether it is there).
 * Answers whether there was one to send it to.
 */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
