import { labelsOf, type Manifest } from './manifest.ts';
import type { ServicePlan } from './service-plan.ts';

/** Namespaces that an installation labels so may scrape metrics, hand requests on from outside, or call the hub's services from inside the cluster. */
const MONITORING = { namespaceSelector: { matchLabels: { 'crossdock.io/monitoring': 'true' } } };
const INGRESS = { namespaceSelector: { matchLabels: { 'crossdock.io/ingress': 'true' } } };
const CALLERS = { namespaceSelector: { matchLabels: { 'crossdock.io/callers': 'true' } } };

/** Vendors are on the internet; nothing private is. */
const INTERNET = [
  {
    ipBlock: {
      cidr: '0.0.0.0/0',
      except: ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    },
  },
  { ipBlock: { cidr: '::/0', except: ['::1/128', '::ffff:0:0/96', 'fc00::/7', 'fe80::/10'] } },
];

/** Who may reach a service, and whom it may reach beyond DNS and the servers all of them stand on. */
export function networkPolicy({ service: { name }, calls, callers, callsVendors }: ServicePlan): Manifest {
  const labels = labelsOf(name, 'service');
  const http = [{ port: 'http' }];
  const fromServices = callers.map((caller) => podsOf(caller));
  const ingress = [
    { from: [...fromServices, ...(facesOutside(name) ? [INGRESS, CALLERS] : [])], ports: http },
    { from: [MONITORING], ports: [{ port: 'internal' }] },
  ].filter(({ from }) => from.length > 0);
  const egress = [
    ...(calls.length > 0 ? [{ to: calls.map(podsOf), ports: http }] : []),
    ...(callsVendors ? [{ to: INTERNET, ports: [{ port: 443 }] }] : []),
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      ...(egress.length > 0 && { egress }),
    },
  };
}

/** Vendors, people and callers come to the gateway; callers fetch tokens from auth-sso, and directories provision people there. */
export function facesOutside(service: string): boolean {
  return service === 'gateway' || service === 'auth-sso';
}

function podsOf(service: string): object {
  return { podSelector: { matchLabels: labelsOf(service, 'service') } };
}
