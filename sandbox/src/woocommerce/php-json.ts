/**
 * JSON as PHP's json_encode writes it: slashes and everything outside ASCII are escaped.
 * WordPress signs and sends exactly these bytes, so a receiver that re-serialises gets another signature.
 */
export function phpJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
