/** Written by `npm run generate` from docs/openapi.json: what each route takes and answers. */
import type {
  ApiKeysCreateData,
  ApiKeysCreateResponse,
  ApiKeysListData,
  ApiKeysListResponse,
  ApiKeysRevokeData,
  ApiKeysRevokeResponse,
  AttributionCohortsData,
  AttributionCohortsResponse,
  AttributionCreditedDealsData,
  AttributionCreditedDealsResponse,
  AttributionDealData,
  AttributionDealResponse,
  AttributionFunnelData,
  AttributionFunnelResponse,
  AttributionLedgerData,
  AttributionLedgerResponse,
  AttributionReportAsCsvData,
  AttributionReportAsCsvResponse,
  AttributionReportAsParquetData,
  AttributionReportAsParquetResponse,
  AttributionReportData,
  AttributionReportResponse,
  AttributionSampleData,
  AttributionSampleResponse,
  AttributionSettingsExceptIdentityData,
  AttributionSettingsExceptIdentityResponse,
  AttributionSettingsExplainIdentityData,
  AttributionSettingsExplainIdentityResponse,
  AttributionSettingsFindIdentityData,
  AttributionSettingsFindIdentityResponse,
  AttributionSettingsRatesData,
  AttributionSettingsRatesResponse,
  AttributionSettingsReadData,
  AttributionSettingsReadResponse,
  AttributionSettingsSaveData,
  AttributionSettingsSaveResponse,
  AttributionSettingsStoreRatesData,
  AttributionSettingsStoreRatesResponse,
  AttributionSettingsVersionsData,
  AttributionSettingsVersionsResponse,
  AttributionSettingsWithdrawExceptionData,
  AttributionSettingsWithdrawExceptionResponse,
  AttributionTimeToRevenueData,
  AttributionTimeToRevenueResponse,
  AttributionTouchesData,
  AttributionTouchesResponse,
  AuditExportData,
  AuditExportResponse,
  AuditListData,
  AuditListResponse,
  AuditRetainData,
  AuditRetainResponse,
  AuditRetentionData,
  AuditRetentionResponse,
  AuditVerifyData,
  AuditVerifyResponse,
  AuthorisationsAuthoriseData,
  AuthorisationsAuthoriseResponse,
  AuthorisationsReconnectData,
  AuthorisationsReconnectResponse,
  CallerReadData,
  CallerReadResponse,
  CallsForSupportData,
  CallsForSupportResponse,
  CallsOfConnectionData,
  CallsOfConnectionResponse,
  CallsUsageData,
  CallsUsageForSupportData,
  CallsUsageForSupportResponse,
  CallsUsageResponse,
  ConnectionsAuditData,
  ConnectionsAuditResponse,
  ConnectionsChangeSecretsData,
  ConnectionsChangeSecretsResponse,
  ConnectionsCreateData,
  ConnectionsCreateResponse,
  ConnectionsDisconnectData,
  ConnectionsDisconnectResponse,
  ConnectionsFindData,
  ConnectionsFindResponse,
  ConnectionsHealthData,
  ConnectionsHealthResponse,
  ConnectionsListData,
  ConnectionsListResponse,
  ConnectionsProbeData,
  ConnectionsProbeResponse,
  FlagsChangesData,
  FlagsChangesResponse,
  FlagsListData,
  FlagsListResponse,
  FlagsRollOutData,
  FlagsRollOutResponse,
  FlagsSwitchData,
  FlagsSwitchResponse,
  FlagsTakeBackData,
  FlagsTakeBackResponse,
  GraphAnswer,
  GraphqlRunData,
  GraphqlRunResponse,
  IdentityAddPersonData,
  IdentityAddPersonResponse,
  IdentityAddProviderData,
  IdentityAddProviderResponse,
  IdentityChangePersonData,
  IdentityChangePersonResponse,
  IdentityChangeProviderData,
  IdentityChangeProviderResponse,
  IdentityEndSessionsData,
  IdentityEndSessionsResponse,
  IdentityFindPersonData,
  IdentityFindPersonResponse,
  IdentityGiveRolesData,
  IdentityGiveRolesResponse,
  IdentityListPeopleData,
  IdentityListPeopleResponse,
  IdentityListProvidersData,
  IdentityListProvidersResponse,
  IdentityListSessionsData,
  IdentityListSessionsResponse,
  IdentityListTokensData,
  IdentityListTokensResponse,
  IdentityMakeTokenData,
  IdentityMakeTokenResponse,
  IdentityRemovePersonData,
  IdentityRemovePersonResponse,
  IdentityRemoveProviderData,
  IdentityRemoveProviderResponse,
  IdentityRevokeTokenData,
  IdentityRevokeTokenResponse,
  InstallationFiguresReadData,
  InstallationFiguresReadResponse,
  InterfaceCatalogueData,
  InterfaceCataloguePageData,
  InterfaceCataloguePageResponse,
  InterfaceCatalogueResponse,
  InterfaceDocumentData,
  InterfaceDocumentResponse,
  InterfacePageData,
  InterfacePageResponse,
  Job,
  JobsCancelData,
  JobsCancelResponse,
  JobsListData,
  JobsListResponse,
  JobsReadData,
  JobsReadResponse,
  JobsResumeData,
  JobsResumeResponse,
  JobsWatchData,
  JobsWatchResponse,
  LeadFormsCreateData,
  LeadFormsCreateResponse,
  LeadFormsDeleteData,
  LeadFormsDeleteResponse,
  LeadFormsListData,
  LeadFormsListResponse,
  LeadsTakeData,
  LeadsTakeResponse,
  LineageLineageData,
  LineageLineageResponse,
  MappingsCheckData,
  MappingsCheckResponse,
  MappingsReadData,
  MappingsReadResponse,
  MappingsRollBackData,
  MappingsRollBackResponse,
  MappingsSaveData,
  MappingsSaveResponse,
  MappingsSchemaData,
  MappingsSchemaResponse,
  MappingsTryData,
  MappingsTryResponse,
  MappingsVersionsData,
  MappingsVersionsResponse,
  OperationsActOnManyData,
  OperationsActOnManyResponse,
  OperationsActOnOneData,
  OperationsActOnOneResponse,
  OperationsListData,
  OperationsListResponse,
  OperationsShowData,
  OperationsShowResponse,
  OperationsStartData,
  OperationsStartResponse,
  OperatorAuditExportData,
  OperatorAuditExportResponse,
  OperatorAuditListData,
  OperatorAuditListResponse,
  OperatorAuditVerifyData,
  OperatorAuditVerifyResponse,
  OperatorDeadLettersListData,
  OperatorDeadLettersListResponse,
  OperatorDeadLettersSummaryData,
  OperatorDeadLettersSummaryResponse,
  OperatorListData,
  OperatorListResponse,
  OperatorReadData,
  OperatorReadResponse,
  OrderComparisonsBeginData,
  OrderComparisonsBeginResponse,
  OrderComparisonsDriftData,
  OrderComparisonsDriftResponse,
  OrderComparisonsFindData,
  OrderComparisonsFindResponse,
  OrdersFindData,
  OrdersFindResponse,
  OrdersListData,
  OrdersListResponse,
  OrdersTimelineData,
  OrdersTimelineResponse,
  PeopleEraseData,
  PeopleEraseResponse,
  PeopleExportData,
  PeopleExportResponse,
  PeopleFileData,
  PeopleFileResponse,
  PeopleFindData,
  PeopleFindResponse,
  PeopleListData,
  PeopleListResponse,
  RecordsSearchData,
  RecordsSearchResponse,
  SetUpBeginData,
  SetUpBeginResponse,
  SetUpFindData,
  SetUpFindResponse,
  ShipmentsCloseOutData,
  ShipmentsCloseOutResponse,
  ShipmentsCreateData,
  ShipmentsCreateManyData,
  ShipmentsCreateManyResponse,
  ShipmentsCreateResponse,
  ShipmentsFindData,
  ShipmentsFindResponse,
  ShipmentsFollowData,
  ShipmentsFollowResponse,
  ShipmentsListData,
  ShipmentsListResponse,
  ShipmentsManifestData,
  ShipmentsManifestResponse,
  ShipmentsManifestsData,
  ShipmentsManifestsResponse,
  ShipmentsQuoteData,
  ShipmentsQuoteResponse,
  ShipmentsRequestReturnData,
  ShipmentsRequestReturnResponse,
  ShipmentsTakeBackData,
  ShipmentsTakeBackResponse,
  ShipmentsTryAgainData,
  ShipmentsTryAgainResponse,
  ShippingStockChangeStockData,
  ShippingStockChangeStockResponse,
  ShippingStockCompleteSampleRequestData,
  ShippingStockCompleteSampleRequestResponse,
  ShippingStockKeepKitData,
  ShippingStockKeepKitResponse,
  ShippingStockKitData,
  ShippingStockKitResponse,
  ShippingStockKitsData,
  ShippingStockKitsResponse,
  ShippingStockPolicyData,
  ShippingStockPolicyResponse,
  ShippingStockReplacePolicyData,
  ShippingStockReplacePolicyResponse,
  ShippingStockSampleRequestsData,
  ShippingStockSampleRequestsResponse,
  StateMachineCheckData,
  StateMachineCheckResponse,
  StateMachineReadData,
  StateMachineReadResponse,
  StateMachineRollBackData,
  StateMachineRollBackResponse,
  StateMachineSaveData,
  StateMachineSaveResponse,
  SyncRun,
  SyncTroubleConflictsData,
  SyncTroubleConflictsResponse,
  SyncTroubleDecideData,
  SyncTroubleDecideResponse,
  SyncTroubleDifferencesData,
  SyncTroubleDifferencesResponse,
  SyncTroubleErrorsAsCsvData,
  SyncTroubleErrorsAsCsvResponse,
  SyncTroubleErrorsData,
  SyncTroubleErrorsResponse,
  SyncTroubleLeftOutData,
  SyncTroubleLeftOutResponse,
  SyncTroubleRetryData,
  SyncTroubleRetryResponse,
  SyncsCancelRunData,
  SyncsCancelRunResponse,
  SyncsCreateData,
  SyncsCreateResponse,
  SyncsDeleteData,
  SyncsDeleteResponse,
  SyncsListData,
  SyncsListResponse,
  SyncsListRunsData,
  SyncsListRunsResponse,
  SyncsPauseData,
  SyncsPauseResponse,
  SyncsReadData,
  SyncsReadResponse,
  SyncsReadRunData,
  SyncsReadRunResponse,
  SyncsResetData,
  SyncsResetResponse,
  SyncsResumeData,
  SyncsResumeResponse,
  SyncsStartRunData,
  SyncsStartRunResponse,
  SyncsWatchRunData,
  SyncsWatchRunResponse,
  TenantDeadLettersDiscardData,
  TenantDeadLettersDiscardResponse,
  TenantDeadLettersListData,
  TenantDeadLettersListResponse,
  TenantDeadLettersReplayData,
  TenantDeadLettersReplayResponse,
  TenantDeadLettersShowData,
  TenantDeadLettersShowResponse,
  TenantDeadLettersSummaryData,
  TenantDeadLettersSummaryResponse,
  TenantDomainsAddData,
  TenantDomainsAddResponse,
  TenantDomainsListData,
  TenantDomainsListResponse,
  TenantDomainsRemoveData,
  TenantDomainsRemoveResponse,
  TenantExportExportData,
  TenantExportExportResponse,
  TenantsCreateData,
  TenantsCreateResponse,
  TenantsDeleteData,
  TenantsDeleteResponse,
  TenantsFindData,
  TenantsFindResponse,
  TenantsListData,
  TenantsListResponse,
  TenantsResumeData,
  TenantsResumeResponse,
  TenantsSuspendData,
  TenantsSuspendResponse,
  WorkspacesCreateData,
  WorkspacesCreateResponse,
  WorkspacesDeleteData,
  WorkspacesDeleteResponse,
  WorkspacesFindData,
  WorkspacesFindResponse,
  WorkspacesLetGoData,
  WorkspacesLetGoResponse,
  WorkspacesListData,
  WorkspacesListResponse,
  WorkspacesTakeData,
  WorkspacesTakeResponse,
} from './types.ts';

export interface Routes {
  'GET /v1/api-keys': { request: ApiKeysListData; answer: ApiKeysListResponse };
  'POST /v1/api-keys': { request: ApiKeysCreateData; answer: ApiKeysCreateResponse };
  'DELETE /v1/api-keys/{id}': { request: ApiKeysRevokeData; answer: ApiKeysRevokeResponse };
  'GET /v1/attribution/cohorts': { request: AttributionCohortsData; answer: AttributionCohortsResponse };
  'GET /v1/attribution/credited-deals': { request: AttributionCreditedDealsData; answer: AttributionCreditedDealsResponse };
  'GET /v1/attribution/deals/{dealId}': { request: AttributionDealData; answer: AttributionDealResponse };
  'GET /v1/attribution/funnel': { request: AttributionFunnelData; answer: AttributionFunnelResponse };
  'GET /v1/attribution/identities': { request: AttributionSettingsFindIdentityData; answer: AttributionSettingsFindIdentityResponse };
  'GET /v1/attribution/identities/{id}': { request: AttributionSettingsExplainIdentityData; answer: AttributionSettingsExplainIdentityResponse };
  'POST /v1/attribution/identity-exceptions': { request: AttributionSettingsExceptIdentityData; answer: AttributionSettingsExceptIdentityResponse };
  'DELETE /v1/attribution/identity-exceptions/{id}': { request: AttributionSettingsWithdrawExceptionData; answer: AttributionSettingsWithdrawExceptionResponse };
  'GET /v1/attribution/ledger': { request: AttributionLedgerData; answer: AttributionLedgerResponse };
  'GET /v1/attribution/rates': { request: AttributionSettingsRatesData; answer: AttributionSettingsRatesResponse };
  'PUT /v1/attribution/rates': { request: AttributionSettingsStoreRatesData; answer: AttributionSettingsStoreRatesResponse };
  'GET /v1/attribution/report': { request: AttributionReportData; answer: AttributionReportResponse };
  'GET /v1/attribution/report.csv': { request: AttributionReportAsCsvData; answer: AttributionReportAsCsvResponse };
  'GET /v1/attribution/report.parquet': { request: AttributionReportAsParquetData; answer: AttributionReportAsParquetResponse };
  'GET /v1/attribution/samples/{shipmentId}': { request: AttributionSampleData; answer: AttributionSampleResponse };
  'GET /v1/attribution/settings': { request: AttributionSettingsReadData; answer: AttributionSettingsReadResponse };
  'PUT /v1/attribution/settings': { request: AttributionSettingsSaveData; answer: AttributionSettingsSaveResponse };
  'GET /v1/attribution/settings/versions': { request: AttributionSettingsVersionsData; answer: AttributionSettingsVersionsResponse };
  'GET /v1/attribution/time-to-revenue': { request: AttributionTimeToRevenueData; answer: AttributionTimeToRevenueResponse };
  'POST /v1/attribution/touches': { request: AttributionTouchesData; answer: AttributionTouchesResponse };
  'GET /v1/audit': { request: AuditListData; answer: AuditListResponse };
  'GET /v1/audit/export': { request: AuditExportData; answer: AuditExportResponse };
  'GET /v1/audit/retention': { request: AuditRetentionData; answer: AuditRetentionResponse };
  'PUT /v1/audit/retention': { request: AuditRetainData; answer: AuditRetainResponse };
  'GET /v1/audit/verification': { request: AuditVerifyData; answer: AuditVerifyResponse };
  'GET /v1/caller': { request: CallerReadData; answer: CallerReadResponse };
  'GET /v1/catalogue': { request: InterfaceCataloguePageData; answer: InterfaceCataloguePageResponse };
  'GET /v1/catalogue.json': { request: InterfaceCatalogueData; answer: InterfaceCatalogueResponse };
  'GET /v1/connections': { request: ConnectionsListData; answer: ConnectionsListResponse };
  'POST /v1/connections': { request: ConnectionsCreateData; answer: ConnectionsCreateResponse };
  'POST /v1/connections/authorizations': { request: AuthorisationsAuthoriseData; answer: AuthorisationsAuthoriseResponse };
  'DELETE /v1/connections/{id}': { request: ConnectionsDisconnectData; answer: ConnectionsDisconnectResponse };
  'GET /v1/connections/{id}': { request: ConnectionsFindData; answer: ConnectionsFindResponse };
  'GET /v1/connections/{id}/audit': { request: ConnectionsAuditData; answer: ConnectionsAuditResponse };
  'GET /v1/connections/{id}/calls': { request: CallsOfConnectionData; answer: CallsOfConnectionResponse };
  'GET /v1/connections/{id}/health': { request: ConnectionsHealthData; answer: ConnectionsHealthResponse };
  'GET /v1/connections/{id}/mappings/{object}': { request: MappingsReadData; answer: MappingsReadResponse };
  'PUT /v1/connections/{id}/mappings/{object}': { request: MappingsSaveData; answer: MappingsSaveResponse };
  'POST /v1/connections/{id}/mappings/{object}/check': { request: MappingsCheckData; answer: MappingsCheckResponse };
  'POST /v1/connections/{id}/mappings/{object}/roll-back': { request: MappingsRollBackData; answer: MappingsRollBackResponse };
  'POST /v1/connections/{id}/mappings/{object}/try': { request: MappingsTryData; answer: MappingsTryResponse };
  'GET /v1/connections/{id}/mappings/{object}/versions': { request: MappingsVersionsData; answer: MappingsVersionsResponse };
  'POST /v1/connections/{id}/probe': { request: ConnectionsProbeData; answer: ConnectionsProbeResponse };
  'POST /v1/connections/{id}/reconnect': { request: AuthorisationsReconnectData; answer: AuthorisationsReconnectResponse };
  'POST /v1/connections/{id}/records/{object}/search': { request: RecordsSearchData; answer: RecordsSearchResponse };
  'GET /v1/connections/{id}/schema/{object}': { request: MappingsSchemaData; answer: MappingsSchemaResponse };
  'PUT /v1/connections/{id}/secrets': { request: ConnectionsChangeSecretsData; answer: ConnectionsChangeSecretsResponse };
  'GET /v1/connections/{id}/set-up': { request: SetUpFindData; answer: SetUpFindResponse };
  'POST /v1/connections/{id}/set-up': { request: SetUpBeginData; answer: SetUpBeginResponse };
  'GET /v1/dead-letters': { request: TenantDeadLettersListData; answer: TenantDeadLettersListResponse };
  'GET /v1/dead-letters/summary': { request: TenantDeadLettersSummaryData; answer: TenantDeadLettersSummaryResponse };
  'POST /v1/dead-letters/{service}/discard': { request: TenantDeadLettersDiscardData; answer: TenantDeadLettersDiscardResponse };
  'POST /v1/dead-letters/{service}/replay': { request: TenantDeadLettersReplayData; answer: TenantDeadLettersReplayResponse };
  'GET /v1/dead-letters/{service}/{id}': { request: TenantDeadLettersShowData; answer: TenantDeadLettersShowResponse };
  'GET /v1/docs': { request: InterfacePageData; answer: InterfacePageResponse };
  'POST /v1/followed-shipments': { request: ShipmentsFollowData; answer: ShipmentsFollowResponse };
  'POST /v1/graphql': { request: GraphqlRunData; answer: GraphqlRunResponse; event: GraphAnswer };
  'PUT /v1/identity/groups/{groupId}/roles': { request: IdentityGiveRolesData; answer: IdentityGiveRolesResponse };
  'GET /v1/identity/people': { request: IdentityListPeopleData; answer: IdentityListPeopleResponse };
  'POST /v1/identity/people': { request: IdentityAddPersonData; answer: IdentityAddPersonResponse };
  'DELETE /v1/identity/people/{personId}': { request: IdentityRemovePersonData; answer: IdentityRemovePersonResponse };
  'GET /v1/identity/people/{personId}': { request: IdentityFindPersonData; answer: IdentityFindPersonResponse };
  'PATCH /v1/identity/people/{personId}': { request: IdentityChangePersonData; answer: IdentityChangePersonResponse };
  'DELETE /v1/identity/people/{personId}/sessions': { request: IdentityEndSessionsData; answer: IdentityEndSessionsResponse };
  'GET /v1/identity/people/{personId}/sessions': { request: IdentityListSessionsData; answer: IdentityListSessionsResponse };
  'GET /v1/identity/providers': { request: IdentityListProvidersData; answer: IdentityListProvidersResponse };
  'POST /v1/identity/providers': { request: IdentityAddProviderData; answer: IdentityAddProviderResponse };
  'DELETE /v1/identity/providers/{providerId}': { request: IdentityRemoveProviderData; answer: IdentityRemoveProviderResponse };
  'PUT /v1/identity/providers/{providerId}': { request: IdentityChangeProviderData; answer: IdentityChangeProviderResponse };
  'GET /v1/identity/scim-tokens': { request: IdentityListTokensData; answer: IdentityListTokensResponse };
  'POST /v1/identity/scim-tokens': { request: IdentityMakeTokenData; answer: IdentityMakeTokenResponse };
  'DELETE /v1/identity/scim-tokens/{tokenId}': { request: IdentityRevokeTokenData; answer: IdentityRevokeTokenResponse };
  'GET /v1/jobs': { request: JobsListData; answer: JobsListResponse };
  'GET /v1/jobs/{service}/{id}': { request: JobsReadData; answer: JobsReadResponse };
  'POST /v1/jobs/{service}/{id}/cancel': { request: JobsCancelData; answer: JobsCancelResponse };
  'GET /v1/jobs/{service}/{id}/events': { request: JobsWatchData; answer: JobsWatchResponse; event: Job };
  'POST /v1/jobs/{service}/{id}/resume': { request: JobsResumeData; answer: JobsResumeResponse };
  'GET /v1/lead-forms': { request: LeadFormsListData; answer: LeadFormsListResponse };
  'POST /v1/lead-forms': { request: LeadFormsCreateData; answer: LeadFormsCreateResponse };
  'DELETE /v1/lead-forms/{id}': { request: LeadFormsDeleteData; answer: LeadFormsDeleteResponse };
  'POST /v1/leads': { request: LeadsTakeData; answer: LeadsTakeResponse };
  'GET /v1/lineage': { request: LineageLineageData; answer: LineageLineageResponse };
  'GET /v1/manifests': { request: ShipmentsManifestsData; answer: ShipmentsManifestsResponse };
  'POST /v1/manifests': { request: ShipmentsCloseOutData; answer: ShipmentsCloseOutResponse };
  'GET /v1/manifests/{id}': { request: ShipmentsManifestData; answer: ShipmentsManifestResponse };
  'GET /v1/openapi.json': { request: InterfaceDocumentData; answer: InterfaceDocumentResponse };
  'GET /v1/operations/calls': { request: CallsForSupportData; answer: CallsForSupportResponse };
  'GET /v1/operations/flags': { request: FlagsListData; answer: FlagsListResponse };
  'PUT /v1/operations/flags/{flag}': { request: FlagsRollOutData; answer: FlagsRollOutResponse };
  'GET /v1/operations/flags/{flag}/changes': { request: FlagsChangesData; answer: FlagsChangesResponse };
  'DELETE /v1/operations/flags/{flag}/tenants/{tenantId}': { request: FlagsTakeBackData; answer: FlagsTakeBackResponse };
  'PUT /v1/operations/flags/{flag}/tenants/{tenantId}': { request: FlagsSwitchData; answer: FlagsSwitchResponse };
  'GET /v1/operations/usage': { request: CallsUsageForSupportData; answer: CallsUsageForSupportResponse };
  'GET /v1/operations/{service}/{resource}': { request: OperationsListData; answer: OperationsListResponse };
  'POST /v1/operations/{service}/{resource}': { request: OperationsStartData; answer: OperationsStartResponse };
  'POST /v1/operations/{service}/{resource}/{act}': { request: OperationsActOnManyData; answer: OperationsActOnManyResponse };
  'GET /v1/operations/{service}/{resource}/{act}': { request: OperationsShowData; answer: OperationsShowResponse };
  'POST /v1/operations/{service}/{resource}/{id}/{act}': { request: OperationsActOnOneData; answer: OperationsActOnOneResponse };
  'GET /v1/operators/audit': { request: OperatorAuditListData; answer: OperatorAuditListResponse };
  'GET /v1/operators/audit/export': { request: OperatorAuditExportData; answer: OperatorAuditExportResponse };
  'GET /v1/operators/audit/verification': { request: OperatorAuditVerifyData; answer: OperatorAuditVerifyResponse };
  'GET /v1/operators/caller': { request: OperatorReadData; answer: OperatorReadResponse };
  'GET /v1/operators/dead-letters': { request: OperatorDeadLettersListData; answer: OperatorDeadLettersListResponse };
  'GET /v1/operators/dead-letters/summary': { request: OperatorDeadLettersSummaryData; answer: OperatorDeadLettersSummaryResponse };
  'GET /v1/operators/figures': { request: InstallationFiguresReadData; answer: InstallationFiguresReadResponse };
  'GET /v1/operators/tenants': { request: OperatorListData; answer: OperatorListResponse };
  'GET /v1/orders': { request: OrdersListData; answer: OrdersListResponse };
  'POST /v1/orders/comparisons': { request: OrderComparisonsBeginData; answer: OrderComparisonsBeginResponse };
  'GET /v1/orders/comparisons/{id}': { request: OrderComparisonsFindData; answer: OrderComparisonsFindResponse };
  'GET /v1/orders/comparisons/{id}/drift': { request: OrderComparisonsDriftData; answer: OrderComparisonsDriftResponse };
  'GET /v1/orders/state-machine': { request: StateMachineReadData; answer: StateMachineReadResponse };
  'PUT /v1/orders/state-machine': { request: StateMachineSaveData; answer: StateMachineSaveResponse };
  'POST /v1/orders/state-machine/check': { request: StateMachineCheckData; answer: StateMachineCheckResponse };
  'POST /v1/orders/state-machine/roll-back': { request: StateMachineRollBackData; answer: StateMachineRollBackResponse };
  'GET /v1/orders/{id}': { request: OrdersFindData; answer: OrdersFindResponse };
  'GET /v1/orders/{id}/timeline': { request: OrdersTimelineData; answer: OrdersTimelineResponse };
  'POST /v1/people/erasures': { request: PeopleEraseData; answer: PeopleEraseResponse };
  'POST /v1/people/exports': { request: PeopleExportData; answer: PeopleExportResponse };
  'GET /v1/people/exports/{id}/file': { request: PeopleFileData; answer: PeopleFileResponse };
  'GET /v1/people/requests': { request: PeopleListData; answer: PeopleListResponse };
  'GET /v1/people/requests/{id}': { request: PeopleFindData; answer: PeopleFindResponse };
  'POST /v1/rates': { request: ShipmentsQuoteData; answer: ShipmentsQuoteResponse };
  'GET /v1/sample-kits': { request: ShippingStockKitsData; answer: ShippingStockKitsResponse };
  'GET /v1/sample-kits/{sku}': { request: ShippingStockKitData; answer: ShippingStockKitResponse };
  'PUT /v1/sample-kits/{sku}': { request: ShippingStockKeepKitData; answer: ShippingStockKeepKitResponse };
  'POST /v1/sample-kits/{sku}/stock': { request: ShippingStockChangeStockData; answer: ShippingStockChangeStockResponse };
  'GET /v1/sample-requests': { request: ShippingStockSampleRequestsData; answer: ShippingStockSampleRequestsResponse };
  'PUT /v1/sample-requests/{id}/recipient': { request: ShippingStockCompleteSampleRequestData; answer: ShippingStockCompleteSampleRequestResponse };
  'POST /v1/shipment-batches': { request: ShipmentsCreateManyData; answer: ShipmentsCreateManyResponse };
  'GET /v1/shipments': { request: ShipmentsListData; answer: ShipmentsListResponse };
  'POST /v1/shipments': { request: ShipmentsCreateData; answer: ShipmentsCreateResponse };
  'GET /v1/shipments/{id}': { request: ShipmentsFindData; answer: ShipmentsFindResponse };
  'POST /v1/shipments/{id}/purchase': { request: ShipmentsTryAgainData; answer: ShipmentsTryAgainResponse };
  'POST /v1/shipments/{id}/returns': { request: ShipmentsRequestReturnData; answer: ShipmentsRequestReturnResponse };
  'POST /v1/shipments/{id}/void': { request: ShipmentsTakeBackData; answer: ShipmentsTakeBackResponse };
  'GET /v1/shipping-policy': { request: ShippingStockPolicyData; answer: ShippingStockPolicyResponse };
  'PUT /v1/shipping-policy': { request: ShippingStockReplacePolicyData; answer: ShippingStockReplacePolicyResponse };
  'GET /v1/syncs': { request: SyncsListData; answer: SyncsListResponse };
  'POST /v1/syncs': { request: SyncsCreateData; answer: SyncsCreateResponse };
  'DELETE /v1/syncs/{id}': { request: SyncsDeleteData; answer: SyncsDeleteResponse };
  'GET /v1/syncs/{id}': { request: SyncsReadData; answer: SyncsReadResponse };
  'GET /v1/syncs/{id}/conflicts': { request: SyncTroubleConflictsData; answer: SyncTroubleConflictsResponse };
  'POST /v1/syncs/{id}/conflicts/{goldenId}/{connectionId}/{field}': { request: SyncTroubleDecideData; answer: SyncTroubleDecideResponse };
  'GET /v1/syncs/{id}/errors': { request: SyncTroubleErrorsData; answer: SyncTroubleErrorsResponse };
  'GET /v1/syncs/{id}/errors.csv': { request: SyncTroubleErrorsAsCsvData; answer: SyncTroubleErrorsAsCsvResponse };
  'POST /v1/syncs/{id}/errors/retry': { request: SyncTroubleRetryData; answer: SyncTroubleRetryResponse };
  'GET /v1/syncs/{id}/left-out-companies': { request: SyncTroubleLeftOutData; answer: SyncTroubleLeftOutResponse };
  'POST /v1/syncs/{id}/pause': { request: SyncsPauseData; answer: SyncsPauseResponse };
  'POST /v1/syncs/{id}/reset': { request: SyncsResetData; answer: SyncsResetResponse };
  'POST /v1/syncs/{id}/resume': { request: SyncsResumeData; answer: SyncsResumeResponse };
  'GET /v1/syncs/{id}/runs': { request: SyncsListRunsData; answer: SyncsListRunsResponse };
  'POST /v1/syncs/{id}/runs': { request: SyncsStartRunData; answer: SyncsStartRunResponse };
  'GET /v1/syncs/{id}/runs/{runId}': { request: SyncsReadRunData; answer: SyncsReadRunResponse };
  'POST /v1/syncs/{id}/runs/{runId}/cancel': { request: SyncsCancelRunData; answer: SyncsCancelRunResponse };
  'GET /v1/syncs/{id}/runs/{runId}/differences': { request: SyncTroubleDifferencesData; answer: SyncTroubleDifferencesResponse };
  'GET /v1/syncs/{id}/runs/{runId}/events': { request: SyncsWatchRunData; answer: SyncsWatchRunResponse; event: SyncRun };
  'GET /v1/tenants': { request: TenantsListData; answer: TenantsListResponse };
  'POST /v1/tenants': { request: TenantsCreateData; answer: TenantsCreateResponse };
  'DELETE /v1/tenants/{id}': { request: TenantsDeleteData; answer: TenantsDeleteResponse };
  'GET /v1/tenants/{id}': { request: TenantsFindData; answer: TenantsFindResponse };
  'GET /v1/tenants/{id}/domains': { request: TenantDomainsListData; answer: TenantDomainsListResponse };
  'DELETE /v1/tenants/{id}/domains/{domain}': { request: TenantDomainsRemoveData; answer: TenantDomainsRemoveResponse };
  'PUT /v1/tenants/{id}/domains/{domain}': { request: TenantDomainsAddData; answer: TenantDomainsAddResponse };
  'GET /v1/tenants/{id}/export': { request: TenantExportExportData; answer: TenantExportExportResponse };
  'POST /v1/tenants/{id}/resume': { request: TenantsResumeData; answer: TenantsResumeResponse };
  'POST /v1/tenants/{id}/suspend': { request: TenantsSuspendData; answer: TenantsSuspendResponse };
  'GET /v1/usage': { request: CallsUsageData; answer: CallsUsageResponse };
  'GET /v1/workspaces': { request: WorkspacesListData; answer: WorkspacesListResponse };
  'POST /v1/workspaces': { request: WorkspacesCreateData; answer: WorkspacesCreateResponse };
  'DELETE /v1/workspaces/{id}': { request: WorkspacesDeleteData; answer: WorkspacesDeleteResponse };
  'GET /v1/workspaces/{id}': { request: WorkspacesFindData; answer: WorkspacesFindResponse };
  'DELETE /v1/workspaces/{id}/connections/{connectionId}': { request: WorkspacesLetGoData; answer: WorkspacesLetGoResponse };
  'PUT /v1/workspaces/{id}/connections/{connectionId}': { request: WorkspacesTakeData; answer: WorkspacesTakeResponse };
}
