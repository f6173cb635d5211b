import { describeRecordConnector } from '@crossdock/crm-connector/record-conformance';
import { salesforceWorld } from './records/salesforce-world.fixture.ts';

describeRecordConnector('Salesforce', () => salesforceWorld({ queryPageSize: 100 }));
