type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** What was really given: a field that is undefined is left out, so that it overwrites nothing. */
export function definedOnly<Values extends object>(values: Values): Defined<Values> {
  // Taking an object apart and together again loses the names from its type, not from the object.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}
