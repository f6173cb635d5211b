/** A route that will go, or has a better successor. */
export interface DeprecatedRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As it is declared: `/v1/orders/:id`. */
  readonly path: string;
  /** Since when nobody should begin to use it; ISO 8601. */
  readonly deprecatedAt: string;
  /** When it will answer 410 at the earliest: at least half a year later. */
  readonly sunsetAt: string;
  /** What to use in its place. */
  readonly successor?: string;
}

/** The routes that will go (docs/interface.md, Versions). */
export const deprecatedRoutes: readonly DeprecatedRoute[] = [];

/** `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` of a route's answers. */
export function deprecationHeaders({ deprecatedAt, sunsetAt, successor }: DeprecatedRoute): Readonly<Record<string, string>> {
  const links = ['</v1/docs>; rel="deprecation"; type="text/html"', ...(successor === undefined ? [] : [`<${successor}>; rel="successor-version"`])];
  return { deprecation: `@${Math.floor(Date.parse(deprecatedAt) / 1_000)}`, sunset: new Date(sunsetAt).toUTCString(), link: links.join(', ') };
}
