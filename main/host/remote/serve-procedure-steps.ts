import { responseTo } from '../../../core/dimse/command-build.ts';
import {
  createProcedureStep,
  endedErrorId,
  type ProcedureStep,
  updateProcedureStep,
} from '../../../core/dimse/procedure-step.ts';
import { procedureStepClass } from '../../../core/dimse/service-table.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { ServiceAnswer, ServiceRequest } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';
import { newUid } from './send-job.ts';
import { refusal } from './serve-find.ts';

const isUid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);

/** N-CREATE of a performed procedure step (PS3.4 F.7.2.1). */
export async function createStep(
  services: Services,
  { command, context, dataset }: ServiceRequest,
  { respond }: ServiceAnswer,
): Promise<void> {
  if (context.abstractSyntax !== procedureStepClass) {
    await respond(responseTo(command, statuses.noSuchSopClass));
    return;
  }
  const sopInstanceUID = command.affectedSopInstanceUid ?? newUid();
  if (!isUid(sopInstanceUID) || !dataset) {
    await respond(responseTo(command, statuses.invalidObjectInstance));
    return;
  }
  const known = await services.store.read.call('procedureStep', { sopInstanceUID });
  if (known) {
    await respond(responseTo(command, statuses.duplicateSopInstance));
    return;
  }
  const created = createProcedureStep(sopInstanceUID, dataset, context.transferSyntax);
  if (!created.ok) {
    await respond(refusal(command, created.refusal));
    return;
  }
  await keep(services, created.request);
  await respond(responseTo(command, statuses.success, { affectedSopInstanceUid: sopInstanceUID }));
}

/** N-SET: the step goes on or ends (PS3.4 F.7.2.2). */
export async function setStep(
  services: Services,
  { command, context, dataset }: ServiceRequest,
  { respond }: ServiceAnswer,
): Promise<void> {
  const sopInstanceUID = command.requestedSopInstanceUid ?? '';
  const step = await services.store.read.call('procedureStep', { sopInstanceUID });
  if (!step || !dataset) {
    await respond(responseTo(command, step ? statuses.missingAttribute : statuses.noSuchSopInstance));
    return;
  }
  const updated = updateProcedureStep(step, dataset, context.transferSyntax);
  if (!updated.ok) {
    const answer = refusal(command, updated.refusal);
    const hasEnded = updated.refusal.problem.code === 'PROCEDURE_STEP_ENDED';
    await respond(hasEnded ? { ...answer, errorId: endedErrorId } : answer);
    return;
  }
  await keep(services, updated.request);
  await respond(responseTo(command, statuses.success));
}

/** Lists show the state of a study's step. */
async function keep(services: Services, step: ProcedureStep): Promise<void> {
  await services.store.write.call('saveProcedureStep', { step, changedAtMs: services.now() });
  const [key] = await services.store.read.call('studiesOfOrders', {
    orders: [
      {
        studyInstanceUID: step.studyInstanceUIDs[0] ?? '',
        accessionNumber: step.accessionNumber,
        patientId: step.patientId,
      },
    ],
  });
  if (key) services.events.emit('studies', { studyKeys: [key] });
}
