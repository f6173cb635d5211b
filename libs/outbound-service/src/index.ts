export { outboundConfigShape } from './outbound.config.ts';
export { OutboundModule } from './outbound.module.ts';
