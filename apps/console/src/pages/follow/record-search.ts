/** What the address of the page says of the record to follow. */
export interface RecordSearch {
  readonly record?: string;
}

/** Reads the page's address, which anybody may have written; the router reads an order's number there as one. */
export function recordSearchOf({ record }: Record<string, unknown>): RecordSearch {
  return typeof record === 'string' || typeof record === 'number' ? { record: String(record) } : {};
}
