/** What all parts of the graph build upon, in GraphQL's schema language. */
export const baseTypes = `
"""
Who may see a field: callers who hold all the scopes of its type and its own. Without either nobody may. An empty list is for what is as open as
the field that leads to it.
"""
directive @access(scopes: [String!]!) on OBJECT | FIELD_DEFINITION

"""For how many things a field counts in the cost of an operation: as many as a list without pages usually holds, or as much work as it makes."""
directive @cost(items: Int!) on FIELD_DEFINITION

"""ISO 8601 in UTC with milliseconds."""
scalar DateTime

"""A whole number of up to 53 bits."""
scalar SafeInt

"""Any JSON value."""
scalar JSON

"""An amount in integer minor units (cents for USD, yen for JPY) and its ISO 4217 code."""
type Money @access(scopes: []) {
  amountMinor: SafeInt!
  currency: String!
}

"""Where a page of a list ends: \`endCursor\` is the \`after\` of the next one."""
type PageInfo @access(scopes: []) {
  hasNextPage: Boolean!
  endCursor: String
}

type Query
`;
