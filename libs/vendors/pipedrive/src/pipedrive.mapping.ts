/** Under which codes the hub's own fields stand in deals. */
export interface DealFieldCodes {
  readonly key: string;
  readonly orderStatus: string;
  readonly lineItems: string;
  readonly orderSource: string;
  readonly sampleRequest: string;
  readonly sampleStatus: string;
}

/** Version 2 knows times in whole seconds only and refuses a fraction. */
export function toSeconds(timestamp: string): string {
  return `${timestamp.slice(0, 19)}Z`;
}

export function toTimestamp(time: string | null | undefined): string | undefined {
  const date = new Date(time ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
