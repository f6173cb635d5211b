import { describeCrmConnector } from '@crossdock/crm-connector/conformance';
import { salesforceWorld } from './records/salesforce-world.fixture.ts';

describeCrmConnector('Salesforce', () => salesforceWorld({ queryPageSize: 100 }));
