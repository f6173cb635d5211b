import { parseSelect, QuerySyntaxError, type SelectQuery } from '../../select-query.ts';
import { malformedQuery } from '../salesforce-refusals.ts';

/** Reads a SOQL text; what cannot be read is MALFORMED_QUERY, as is COQL's way to leave records out. */
export function parseSoql(text: string): SelectQuery {
  try {
    const query = parseSelect(text);
    if (query.offset !== 0) throw malformedQuery('unexpected token: ,');
    return query;
  } catch (error) {
    throw error instanceof QuerySyntaxError ? malformedQuery(error.message) : error;
  }
}
