/** An id that follows from a text in SQL, in the form of RFC 9562, which the service asks for. */
export function idOf(text: string): string {
  return `overlay(overlay(md5(${text}) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid`;
}
