/** What kernels are asked is the language of core/render; here under the names that native uses. */
export type { Vec3 as Triple } from '../core/geometry/types.ts';
export type {
  CurvedRequest,
  IndexBox,
  Kernels,
  KernelVolume,
  RaycastRequest,
  RayField,
  ResliceRequest,
  ScalarType,
  TransferTable,
  WindowRequest,
} from '../core/render/types.ts';
