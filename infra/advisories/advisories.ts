import { z } from 'zod';

const severities = ['info', 'low', 'moderate', 'high', 'critical'] as const;
type Severity = (typeof severities)[number];
/** From here on a package may not be shipped. */
const leastRefused: Severity = 'high';

const advisorySchema = z.object({ name: z.string(), title: z.string(), url: z.url(), severity: z.enum(severities), range: z.string() });
/** A package that only leads to a vulnerable one names that by its name alone; it is listed itself. */
const auditSchema = z.object({ vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisorySchema])) })) });

/** What the registry knows of a version that is installed. */
export type Advisory = z.infer<typeof advisorySchema>;

/** An advisory that does no harm here, for a while. */
export interface AgreedAdvisory {
  /** The advisory's page. */
  readonly url: string;
  readonly reason: string;
  /** The last day that it is agreed to, `YYYY-MM-DD`. */
  readonly until: string;
}

/** Reads what `npm audit --json` says. @throws Error where the registry gave no advisories. */
export function advisoriesOf(answer: string): Advisory[] {
  const audit = auditSchema.safeParse(parsed(answer));
  if (!audit.success) throw new Error('The registry gave no advisories: ask another one by npm’s setting "registry", or again later.');
  const advisories = Object.values(audit.data.vulnerabilities).flatMap(({ via }) => via.filter((cause) => typeof cause !== 'string'));
  return [...new Map(advisories.map((advisory) => [`${advisory.name} ${advisory.url}`, advisory])).values()];
}

/** Those for which nothing may be shipped: grave ones that nobody has agreed to, or not any more. */
export function refusedAdvisories(advisories: readonly Advisory[], agreed: readonly AgreedAdvisory[], today: string): Advisory[] {
  const agreedUrls = new Set(agreed.filter(({ until }) => until >= today).map(({ url }) => url));
  return advisories.filter(({ severity, url }) => severities.indexOf(severity) >= severities.indexOf(leastRefused) && !agreedUrls.has(url));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
