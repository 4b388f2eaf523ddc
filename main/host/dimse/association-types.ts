import type { Problem } from '../../../core/base/problem.ts';
import type { NetworkLimits } from '../../../core/contract/network-settings.ts';
import type {
  AssociateAccept,
  AssociateReject,
  AssociateRequest,
  Command,
} from '../../../core/dimse/types.ts';
import type { Association } from './association.ts';
import type { RequestContext } from './service-handler.ts';

export type Admission =
  | {
      readonly accept: AssociateAccept;
      readonly contexts: ReadonlyMap<number, RequestContext>;
      /** A station that is listed: it may be silent for longer. */
      readonly isKnown: boolean;
    }
  | { readonly reject: AssociateReject; readonly problem: Problem };

/** Takes the data set of one request as it comes. */
export interface DatasetTaker {
  take(bytes: Uint8Array): void;
  /** After the last byte. */
  end(): void;
  /** The association ended before. */
  drop(): void;
}

/** What an association needs of its server. */
export interface AssociationOwner {
  readonly limits: NetworkLimits;
  admit(association: Association, request: AssociateRequest): Promise<Admission>;
  opened(association: Association): void;
  /** Once for each association that was opened. */
  ended(association: Association, why: Problem | null): void;
  refused(association: Association, why: Problem): void;
  /** The socket is gone. */
  closed(association: Association): void;
  /** A request; the taker gets its data set when it has one. It is answered by `respond`. */
  request(association: Association, context: RequestContext, command: Command): DatasetTaker | null;
  cancel(association: Association, command: Command): void;
}
