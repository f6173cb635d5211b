/** What a shop calls something, on one line of at most so many characters: its names may have breaks in them, and any length. */
export function inOneLine(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${Array.from(line).slice(0, maxLength / 2 - 1).join('')}…`;
}
