import { candelaImplementation } from '../../../core/dicom/write/encode.ts';
import type { WantedContext } from '../../../core/dimse/negotiate-types.ts';
import { associateRequest, proposeContexts } from '../../../core/dimse/propose.ts';
import type { AssociateRequest } from '../../../core/dimse/types.ts';
import type { PeerTarget } from './peer-types.ts';

/** At most 128 contexts; the caller sees to it. */
export function requestOf(target: PeerTarget, wanted: readonly WantedContext[]): AssociateRequest {
  const roles = new Map(
    wanted.flatMap(({ abstractSyntax, role }) => (role ? [[abstractSyntax, role] as const] : [])),
  );
  return associateRequest(
    {
      calledAeTitle: target.calledAeTitle,
      callingAeTitle: target.callingAeTitle,
      maxPduBytes: target.offeredPduBytes,
      implementationClassUid: candelaImplementation.classUid,
      implementationVersion: candelaImplementation.versionName,
      roles: [...roles].map(([sopClassUid, role]) => ({ sopClassUid, ...role })),
      ...(target.identity && { identity: target.identity }),
    },
    proposeContexts(wanted)[0] ?? [],
  );
}
