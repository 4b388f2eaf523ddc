/** Words of what a volume lacks: images that are missing, pixels that do not fit into memory. */
export const volumeTerms = {
  'reading.gapTip': {
    zh: '第 {from} 与第 {to} 幅之间的图像为插值，间隔 {mm} mm',
    en: 'Interpolated between images {from} and {to}: gap {mm} mm',
  },
  'reading.faultySlices': { zh: '{n} 幅图像损坏', en: '{n} {n|image|images} damaged' },
  'reading.faultySlicesTip': {
    zh: '图像 {which} 不能解码或不完整：平面和三维在该处没有数据，或数据不可信',
    en: 'Images {which} cannot be decoded or are incomplete: planes and 3D have no data there, or none to trust',
  },
  'reading.notNumbers': { zh: '有像素无数值', en: 'Pixels without a value' },
  'reading.notNumbersTip': {
    zh: '有些像素不是数字，按无数据处理，显示为黑色',
    en: 'Some pixels hold no number: they count as no data and are black',
  },
  'reading.missingTip': {
    zh: '缺少图像的位置为插值（最大间隔 {mm} mm），平面边缘以斜线标出',
    en: 'Interpolated where images are missing (largest gap {mm} mm); planes are hatched there at their sides',
  },
  'reading.leftOut': { zh: '{n} 幅未参与重建', en: '{n} {n|image|images} left out' },
  'reading.leftOutTip': {
    zh: '这些图像没有有效的位置信息，在另一组中',
    en: 'Without a usable position: in a group of their own',
  },
  'reading.partOfSeries': { zh: '{total} 幅中的 {n} 幅', en: '{n} of {total} images' },
  'reading.partOfSeriesTip': {
    zh: '本序列有 {stacks} 组，此处只显示其中一组；其余在缩略图下选择',
    en: 'The series has {stacks} stacks, and this shows one of them; the others are under its thumbnail',
  },
  'reading.madeUpImage': { zh: '{image} · 插值', en: '{image} · interpolated' },
  'reading.readReduced': { zh: '降采样阅读', en: 'Read reduced' },
  'reading.reduceAsk': {
    zh: '多平面重建和三维可以降采样显示：每 {n} × {n} 个像素取平均，像素 {from} → {to} mm，层数不变。原始图像仍可逐幅阅读。',
    en: 'Planes and 3D can be shown reduced: {n} × {n} pixels averaged, {from} → {to} mm, all slices kept. The images themselves can still be read as they are.',
  },
  'reading.reduceTake': { zh: '降采样，{from} → {to} mm', en: 'Read reduced, {from} → {to} mm' },
  'reading.reducedPixels': { zh: '降采样 {from} → {to} mm', en: 'Reduced {from} → {to} mm' },
  'reading.reducedTip': {
    zh: '体数据超出内存：每 {n} × {n} 个像素取平均',
    en: 'The volume does not fit into memory: {n} × {n} pixels are averaged',
  },
  'reading.measureReduced': {
    zh: '这是降采样后的体数据：小结构和数值与原始图像不同。仍要测量吗？',
    en: 'This volume is read reduced: small structures and values differ from the images. Measure anyway?',
  },
  'reading.inReduced': { zh: '降采样平面', en: 'Reduced plane' },
  'reading.countedReduced': { zh: '由降采样体素计算', en: 'counted in reduced voxels' },
  'reading.airwaysFirst': { zh: '先找出气道', en: 'find the airways first' },
  'reading.airwaysChosen': { zh: '选用后显示', en: 'shown once chosen' },
  'reading.ownPresetSave': { zh: '存为我的预设…', en: 'Save as a preset…' },
  'reading.ownPresetName': { zh: '预设名称', en: "Preset's name" },
  'reading.ownPresetSaveDo': { zh: '保存', en: 'Save' },
  'reading.ownPresetReplace': { zh: '替换', en: 'Replace' },
  'reading.ownPresetTaken': { zh: '已有此名称', en: 'There is one of this name' },
  'reading.ownPresetRename': { zh: '重命名…', en: 'Rename…' },
  'reading.ownPresetRenameDo': { zh: '重命名', en: 'Rename' },
  'reading.ownPresetDelete': { zh: '删除', en: 'Delete' },
  'reading.ownPresetSaved': { zh: '已存为预设：{name}', en: 'Preset saved: {name}' },
  'reading.ownPresetReplaced': { zh: '已替换预设：{name}', en: 'Preset replaced: {name}' },
  'reading.ownPresetRenamed': { zh: '预设已改名为：{name}', en: 'Preset is now called {name}' },
  'reading.ownPresetDeleted': { zh: '已删除预设：{name}', en: 'Preset deleted: {name}' },
  'reading.ownPresetFull': {
    zh: '最多 {n} 个自己的预设：请先删除不用的。',
    en: 'There can be {n} presets of your own at most: delete one that is not needed first.',
  },
} as const;
