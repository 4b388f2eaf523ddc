/** Statuses that Candela itself answers (PS3.7 annex C, PS3.4 annexes B, C, F and J). */
export const statuses = {
  success: 0x0000,
  cancelled: 0xfe00,
  pending: 0xff00,
  /** Some optional keys were not used for matching. */
  pendingUnsupportedKeys: 0xff01,

  invalidAttributeValue: 0x0106,
  processingFailure: 0x0110,
  duplicateSopInstance: 0x0111,
  noSuchSopInstance: 0x0112,
  noSuchEventType: 0x0113,
  invalidArgumentValue: 0x0115,
  invalidObjectInstance: 0x0117,
  noSuchSopClass: 0x0118,
  classInstanceConflict: 0x0119,
  missingAttribute: 0x0120,
  missingAttributeValue: 0x0121,
  sopClassNotSupported: 0x0122,
  noSuchAction: 0x0123,
  notAuthorized: 0x0124,
  duplicateInvocation: 0x0210,
  unrecognizedOperation: 0x0211,
  mistypedArgument: 0x0212,
  resourceLimitation: 0x0213,

  /** C-STORE: disk full and the like. */
  outOfResources: 0xa700,
  /** C-MOVE, C-GET: number of matches, sub-operations cannot be made. */
  outOfResourcesMatches: 0xa701,
  outOfResourcesSuboperations: 0xa702,
  moveDestinationUnknown: 0xa801,
  /** C-STORE: data set does not match SOP class; C-FIND, C-MOVE, C-GET: identifier does not. */
  datasetMismatch: 0xa900,
  /** C-MOVE, C-GET: complete, with failures or warnings. */
  someSuboperationsFailed: 0xb000,
  /** C-STORE: cannot understand; C-FIND, C-MOVE, C-GET: unable to process. */
  cannotUnderstand: 0xc000,
} as const;
