/** The painter's list: later parts cover earlier ones. */
import type { Shape } from './shape.ts';
import type { Tissue } from './tissue.ts';

export type PartKind =
  | 'table'
  | 'surface'
  | 'muscle'
  | 'lung'
  | 'airway'
  | 'heart'
  | 'organ'
  | 'bowel'
  | 'bone'
  | 'cartilage'
  | 'nerve'
  | 'artery'
  | 'vein'
  | 'lesion'
  | 'calcification'
  | 'marker';

export interface PartName {
  readonly zh: string;
  readonly en: string;
}

export interface Part {
  /** Stable English id in kebab-case. */
  readonly id: string;
  readonly name: PartName;
  readonly kind: PartKind;
  readonly tissue: Tissue;
  readonly shape: Shape;
  /** A rim of this thickness and tissue under the surface (cortical bone, bowel wall). */
  readonly rim?: { readonly mm: number; readonly tissue: Tissue };
  /** Added to the CT value inside the rim; its mean over the part is close to zero. */
  readonly texture?: (x: number, y: number, z: number) => number;
}
