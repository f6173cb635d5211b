/** The steps at which a process can be killed; each is published on the channel `crossdock.<step>`. */
export const steps = [
  'outbox.committed', 'relay.acknowledged', 'consumer.fetched', 'inbox.committed', 'task.taken', 'task.called', 'task.recorded',
] as const;
export type Step = (typeof steps)[number];

/** A step that only the careless consumer has: its effect has committed, and may do so again, as the inbox has not. */
export const carelessStep = 'careless.written';

/** What each step is, for people. */
export const stepDescriptions: Readonly<Record<Step, string>> = {
  'outbox.committed': 'after the commit, before anything is published',
  'relay.acknowledged': 'after Kafka’s acknowledgement, before the rows are deleted',
  'consumer.fetched': 'after the fetch, before the inbox',
  'inbox.committed': 'after the inbox’s commit, before the offset’s',
  'task.taken': 'after a task was taken, before it is run',
  'task.called': 'after the vendor’s answer, before it is recorded',
  'task.recorded': 'after the record of a task’s end',
};
