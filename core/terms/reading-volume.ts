/** Words of what a volume lacks: images that are missing, pixels that do not fit into memory. */
export const volumeTerms = {
  'reading.gapTip': {
    zh: '第 {from} 与第 {to} 幅之间的图像为插值，间隔 {mm} mm',
    en: 'Interpolated between images {from} and {to}: gap {mm} mm',
  },
  'reading.missingTip': {
    zh: '缺少图像的位置为插值（最大间隔 {mm} mm），平面边缘以斜线标出',
    en: 'Interpolated where images are missing (largest gap {mm} mm); planes are hatched there at their sides',
  },
  'reading.madeUpImage': { zh: '{image} · 插值', en: '{image} · interpolated' },
} as const;
