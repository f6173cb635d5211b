import { describeRecordConnector } from '@crossdock/crm-connector/record-conformance';
import { dynamicsWorld } from './dynamics-world.fixture.ts';

describeRecordConnector('Dynamics', () => dynamicsWorld({ changesPerPage: 5 }));
