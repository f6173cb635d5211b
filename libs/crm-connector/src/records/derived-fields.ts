/**
 * Fields that no vendor has by these names: what they say follows from the vendor's own way to say it. A connector lists them
 * in its descriptions, reads and writes them like any other field.
 * @public
 */
export const derivedFields = {
  /** Of a deal, a picklist of `open`, `won` and `lost`. Written `open`, a deal that is open keeps the stage that people gave it. */
  dealStatus: 'crossdock:status',
  /** Of a deal, the day it was won or lost; null while it is open. A `date_time` at the start of the day where the vendor knows the day only. */
  dealClosedAt: 'crossdock:closed_at',
} as const;
