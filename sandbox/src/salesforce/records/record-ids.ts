const checkCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The 18-character form of a record id: three characters more that say which letters are capitals,
 * so that ids stay apart where case is lost.
 */
export function longId(id15: string): string {
  const suffix = [0, 5, 10].map((start) => {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      if (/[A-Z]/.test(id15.charAt(start + index))) bits += 2 ** index;
    }
    return checkCharacters[bits] ?? '';
  });
  return id15 + suffix.join('');
}

/** Ids of one type: its three-character prefix, then a number in base 62. */
export function numberedId(prefix: string, number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) text = (digits[rest % 62] ?? '') + text;
  return longId(`${prefix}ak0${text.padStart(9, '0')}`);
}
