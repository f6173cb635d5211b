/** A task as a worker holds it. */
export interface TaskRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly kind: string;
  readonly record_key: string;
  readonly group_key: string;
  readonly coalesces: boolean;
  readonly payload: unknown;
  readonly attempt: number;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
}

/** Another worker has taken the task over; what this one did must not be recorded. */
export class LeaseLostError extends Error {
  constructor(row: TaskRow) {
    super(`The lease of task ${row.id} (${row.kind} of ${row.record_key}) was lost; another worker runs it again.`);
    this.name = 'LeaseLostError';
  }
}
