/** What kernels are asked is the language of core/render; here under the names that native uses. */
export type { Vec3 as Triple } from '../core/geometry/types.ts';
export type {
  BodyRule,
  CurvedRequest,
  IndexBox,
  Kernels,
  KernelVolume,
  LabelMemory,
  LabelRowRequest,
  MaskRequest,
  RaycastRequest,
  RayField,
  ResliceRequest,
  ScalarType,
  TransferTable,
  VeilRequest,
  WindowRequest,
} from '../core/render/types.ts';
