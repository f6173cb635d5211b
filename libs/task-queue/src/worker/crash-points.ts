import { channel } from 'node:diagnostics_channel';

/**
 * The steps of a task at which a process may die, as channels of `node:diagnostics_channel`: a crash test subscribes and
 * ends the process there. They cost nothing while nobody listens.
 */
export const taskSteps = {
  /** A lease is held, the handler has not begun. */
  taken: channel('crossdock.task.taken'),
  /** The handler has done its work (a vendor may have answered), nothing of it is recorded. */
  called: channel('crossdock.task.called'),
  /** The task's end and its effect have committed. */
  recorded: channel('crossdock.task.recorded'),
};
