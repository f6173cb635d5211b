/** Without milliseconds, which Zoho's times do not have. */
export const zohoTime = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, '+00:00');
