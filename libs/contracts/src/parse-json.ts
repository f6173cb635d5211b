/** A text as JSON, or undefined where it is none, which no schema of an answer takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
