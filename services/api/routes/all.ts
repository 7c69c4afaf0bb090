/** Every route of the server, by hand. */
import type { App } from '../app-type.ts';
import type { ApiContext } from '../context.ts';
import { accountSecurityRoutes } from './account-security.ts';
import { accountRoutes } from './accounts.ts';
import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { calendarRoutes } from './calendars.ts';
import { cameraEffectRoutes } from './camera-effect.ts';
import { cameraFaultRoutes } from './camera-faults.ts';
import { cameraNoticeRoutes } from './camera-notices.ts';
import { cameraProbeRoutes } from './camera-probes.ts';
import { cameraSearchRoutes } from './camera-searches.ts';
import { cameraRoutes } from './cameras.ts';
import { caseRoutes } from './cases.ts';
import { checklistRoutes } from './checklists.ts';
import { coverageRoutes } from './coverage.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deskClaimRoutes } from './desk-claims.ts';
import { documentDraftRoutes } from './document-drafts.ts';
import { documentTemplateRoutes } from './document-templates.ts';
import { documentRoutes } from './documents.ts';
import { drawRoutes } from './draws.ts';
import { edgeRoutes } from './edge.ts';
import { edgeIntakeRoutes } from './edge-intake.ts';
import { eventSchemaRoutes } from './event-schemas.ts';
import { eventRoutes } from './events.ts';
import { fieldRoutes } from './field.ts';
import { fieldVisitRoutes } from './field-visits.ts';
import { fileRoutes } from './files.ts';
import { findingChangeRoutes } from './finding-changes.ts';
import { findingContextRoutes } from './finding-context.ts';
import { findingKindRoutes } from './finding-kinds.ts';
import { findingReportRoutes } from './finding-reports.ts';
import { findingVerdictRoutes } from './finding-verdicts.ts';
import { findingRoutes } from './findings.ts';
import { gatewayRoutes } from './gateways.ts';
import { healthRoutes } from './health.ts';
import { historyCheckRoutes } from './history-checks.ts';
import { importRoutes } from './import.ts';
import { inspectorConflictRoutes } from './inspector-conflicts.ts';
import { leadRoutes } from './leads.ts';
import { ledgerRoutes } from './ledgers.ts';
import { legalHoldRoutes } from './legal-holds.ts';
import { liveRoutes } from './live.ts';
import { liveVideoRoutes } from './live-video.ts';
import { lookStripRoutes } from './look-strips.ts';
import { merchantPlaceRoutes } from './merchant-places.ts';
import { merchantRoutes } from './merchants.ts';
import { messageRoutes } from './messages.ts';
import { metricsRoutes } from './metrics.ts';
import { monthReportRoutes } from './month-report.ts';
import { myNotificationRoutes } from './my-notifications.ts';
import { notifyDutyRoutes } from './notify-duties.ts';
import { notifyPolicyRoutes } from './notify-policies.ts';
import { notifyTargetRoutes } from './notify-targets.ts';
import { openDataRoutes } from './open-data.ts';
import { open311Routes } from './open311.ts';
import { outboxRoutes } from './outbox.ts';
import { overviewRoutes } from './overview.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { photoUploadRoutes } from './photo-uploads.ts';
import { platformOrderRoutes } from './platform-orders.ts';
import { policyRoutes } from './policies.ts';
import { precisionRoutes } from './precision.ts';
import { publicRoutes } from './public.ts';
import { publicAdminRoutes } from './public-admin.ts';
import { recheckRoutes } from './rechecks.ts';
import { reconciliationRoutes } from './reconciliations.ts';
import { regionBoundaryRoutes } from './region-boundaries.ts';
import { regionRoutes } from './regions.ts';
import { reportPhotoUploadRoutes } from './report-photo-uploads.ts';
import { reportPhotoRoutes } from './report-photos.ts';
import { retentionPolicyRoutes } from './retention-policies.ts';
import { ruleProposalRoutes } from './rule-proposals.ts';
import { ruleRoutes } from './rules.ts';
import { sessionRoutes } from './session.ts';
import { statisticsRoutes } from './statistics.ts';
import { statisticsCameraRoutes } from './statistics-cameras.ts';
import { stepFaultRoutes } from './step-faults.ts';
import { supervisionRoutes } from './supervision.ts';
import { systemRoutes } from './system.ts';
import { taskFindingRoutes } from './task-findings.ts';
import { taskOrderRoutes } from './task-orders.ts';
import { taskPhotoRoutes } from './task-photos.ts';
import { taskRoutes } from './tasks.ts';
import { tipRoutes } from './tips.ts';
import { visitPhotoRoutes } from './visit-photos.ts';
import { visitStatisticsRoutes } from './visit-statistics.ts';
import { wallDrawRoutes } from './wall-draws.ts';
import { webhookReplayRoutes } from './webhook-replays.ts';
import { webhookRoutes } from './webhooks.ts';
import { zoneRoutes } from './zones.ts';

type AddRoutes = (app: App, context: ApiContext) => void;

/** Outside /api/v1. */
export const ROOT_ROUTES: readonly AddRoutes[] = [healthRoutes, metricsRoutes, fileRoutes, lookStripRoutes];

/** Below /api/v1, each guarded (auth.ts). */
export const V1_ROUTES: readonly AddRoutes[] = [
  sessionRoutes,
  ownSessionRoutes,
  accountRoutes,
  accountSecurityRoutes,
  auditRoutes,
  regionRoutes,
  regionBoundaryRoutes,
  merchantRoutes,
  merchantPlaceRoutes,
  zoneRoutes,
  gatewayRoutes,
  cameraRoutes,
  cameraFaultRoutes,
  cameraProbeRoutes,
  cameraSearchRoutes,
  cameraEffectRoutes,
  cameraNoticeRoutes,
  ruleRoutes,
  policyRoutes,
  calendarRoutes,
  webhookRoutes,
  webhookReplayRoutes,
  platformOrderRoutes,
  leadRoutes,
  reconciliationRoutes,
  openDataRoutes,
  open311Routes,
  eventSchemaRoutes,
  importRoutes,
  findingKindRoutes,
  findingVerdictRoutes,
  findingChangeRoutes,
  findingReportRoutes,
  reportPhotoRoutes,
  reportPhotoUploadRoutes,
  fieldRoutes,
  fieldVisitRoutes,
  findingRoutes,
  findingContextRoutes,
  deskClaimRoutes,
  precisionRoutes,
  ruleProposalRoutes,
  taskRoutes,
  taskOrderRoutes,
  taskFindingRoutes,
  documentTemplateRoutes,
  documentRoutes,
  documentDraftRoutes,
  historyCheckRoutes,
  taskPhotoRoutes,
  photoUploadRoutes,
  checklistRoutes,
  ledgerRoutes,
  caseRoutes,
  retentionPolicyRoutes,
  legalHoldRoutes,
  recheckRoutes,
  stepFaultRoutes,
  alertRoutes,
  liveRoutes,
  liveVideoRoutes,
  wallDrawRoutes,
  coverageRoutes,
  overviewRoutes,
  statisticsRoutes,
  statisticsCameraRoutes,
  monthReportRoutes,
  visitStatisticsRoutes,
  supervisionRoutes,
  visitPhotoRoutes,
  drawRoutes,
  inspectorConflictRoutes,
  systemRoutes,
  outboxRoutes,
  deadLetterRoutes,
  edgeIntakeRoutes,
  edgeRoutes,
  messageRoutes,
  myNotificationRoutes,
  notifyTargetRoutes,
  notifyPolicyRoutes,
  notifyDutyRoutes,
  eventRoutes,
  publicRoutes,
  publicAdminRoutes,
  tipRoutes,
];
