/** Text values as the right side of IN; quotes and backslashes in them stay text. */
export function inList(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value.replace(/[\\'"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`);
  return `(${quoted.join(',')})`;
}
