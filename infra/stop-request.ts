/**
 * Resolves when this program is asked to stop: by Ctrl-C or a signal, or by the end of the launcher that started it, which closes
 * the channel between the two. Later signals are let pass, as Ctrl-C reaches the launcher and this program alike.
 */
export function stopRequested(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
    process.once('disconnect', () => resolve('stop'));
  });
}
