/** A C-STORE receiver on dcmjs-dimse that writes files: `node dcmjs-receiver.ts PORT FOLDER`. */
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';

const { association, constants, log, responses, Scp, Server } = dcmjsDimse;
const [port, folder] = process.argv.slice(2);
log.setLevel('silent');
let files = 0;

class Receiver extends Scp {
  override associationRequested(request: InstanceType<typeof association.Association>): void {
    for (const { id } of request.getPresentationContexts()) {
      const context = request.getPresentationContext(id);
      const [syntax] = context.getTransferSyntaxUids();
      context.setResult(constants.PresentationContextResult.Accept, syntax);
    }
    this.sendAssociationAccept();
  }

  override cEchoRequest(
    request: Parameters<InstanceType<typeof Scp>['cEchoRequest']>[0],
    callback: Parameters<InstanceType<typeof Scp>['cEchoRequest']>[1],
  ): void {
    const response = responses.CEchoResponse.fromRequest(request);
    response.setStatus(constants.Status.Success);
    callback(response);
  }

  override cStoreRequest(
    request: Parameters<InstanceType<typeof Scp>['cStoreRequest']>[0],
    callback: Parameters<InstanceType<typeof Scp>['cStoreRequest']>[1],
  ): void {
    files += 1;
    request.getDataset()?.toFile(join(folder!, `${files}.dcm`));
    const response = responses.CStoreResponse.fromRequest(request);
    response.setStatus(constants.Status.Success);
    callback(response);
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }
}

new Server(Receiver).listen(Number(port));
