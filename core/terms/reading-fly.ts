/** Words of the flight along a centreline. */
export const flyTerms = {
  'reading.cpr.fly': { zh: '漫游', en: 'Fly' },
  'reading.fly': { zh: '腔内漫游', en: 'Fly through' },
  'reading.groupFly': { zh: '腔内漫游', en: 'Fly through' },
  'reading.flyPlay': { zh: '播放漫游', en: 'Fly' },
  'reading.flyPause': { zh: '暂停', en: 'Pause' },
  'reading.flyToStart': { zh: '回到起点', en: 'Back to the start' },
  'reading.flyBack': { zh: '后退一步', en: 'A step back' },
  'reading.flyOn': { zh: '前进一步', en: 'A step on' },
  'reading.flyAlong': { zh: '沿中心线的位置', en: 'Place along the centreline' },
  'reading.flySpeed': { zh: '速度，mm/s', en: 'Speed, mm/s' },
  'reading.flySlower': { zh: '减慢', en: 'Slower' },
  'reading.flyFaster': { zh: '加快', en: 'Faster' },
  'reading.flyLookBack': { zh: '向后看', en: 'Look back' },
  'reading.flyAhead': { zh: '看向前方', en: 'Look ahead' },
  'reading.flyAt': { zh: '{mm} / {total} mm', en: '{mm} of {total} mm' },
  'reading.flyWall': { zh: '管壁 {value}', en: 'Wall at {value}' },
  'reading.flyLens': { zh: '视角 90°', en: 'Lens 90°' },
  'reading.flyFaint': {
    zh: '管腔与管壁密度相近（无造影剂？）：所见不可信',
    en: 'Lumen and wall look alike (no contrast medium?): do not trust what you see',
  },
} as const;
