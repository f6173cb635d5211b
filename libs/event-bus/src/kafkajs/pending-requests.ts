import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * Has kafkajs look for requests that wait only while some do. As it comes, each connection looks every millisecond for as long as it lives, once it has had an answer
 * (https://github.com/tulios/kafkajs/issues/1704): 4 % of a core for a process that has nothing to do.
 */
export function lookForPendingOnly(): void {
  const { prototype } = RequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWherePending(): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
