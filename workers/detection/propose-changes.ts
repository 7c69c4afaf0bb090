import type { Database } from '../../services/db/database.ts';
import { endOutdatedProposals } from '../../services/db/outdated-proposals.ts';
import { declinedAt, judgedCameras, loadJudged, saveProposal } from '../../services/db/proposals.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { PROPOSAL_LIMITS, propose } from '../../services/domain/proposal.ts';

/**
 * Learns from inspectors: proposes changes to cameras that keep being wrong. Any number of workers may do it at once, and as
 * often as they like: an open proposal is renewed, never doubled; one of a view that the camera has no more is over.
 * @returns new proposals
 */
export async function proposeChanges({ db, now }: { db: Database; now: () => Date }): Promise<number> {
  // Of before anything is read: should the view change meanwhile, what is written here is older than that.
  const at = now();
  await endOutdatedProposals(db, at);
  const since = new Date(at.getTime() - PROPOSAL_LIMITS.days * 86_400_000);
  let proposed = 0;
  for (const { cameraId, kind } of await judgedCameras(db, since, PROPOSAL_LIMITS.minVerdicts)) {
    const camera = await loadCamera(db, cameraId);
    if (camera === undefined) continue;
    const findings = await loadJudged(db, cameraId, kind, since);
    for (const proposal of propose(kind, camera, findings, await declinedAt(db, cameraId, kind))) {
      if (await saveProposal(db, cameraId, kind, proposal, at)) proposed += 1;
    }
  }
  return proposed;
}
