/** Where the gateway lists the records of a sync that an account refused; `/retry` below it tries them again, and no others. */
export function recordErrorsOf(syncId: string): string {
  return `/v1/syncs/${syncId}/errors`;
}
