/** Words on printed pages, and of printing. */
export const printTerms = {
  'print.print': { zh: '打印', en: 'Print' },
  'print.layout': { zh: '打印当前布局', en: 'Print what is shown' },
  'print.viewport': { zh: '打印当前视口', en: 'Print this viewport' },
  'print.list': { zh: '打印检查列表', en: 'Print the study list' },
  'print.scale': {
    zh: '未按实际大小打印：长度以图中的比例尺和测量值为准。',
    en: 'Not printed to true size: lengths go by the scale bars and measurements in the picture.',
  },
  'print.noDiagnosis': {
    zh: '打印图片仅供交流，不用于诊断。',
    en: 'Printed pictures are for communication, not for diagnosis.',
  },
  'print.printed': { zh: '打印于 {when}', en: 'Printed {when}' },
  'print.private': { zh: '隐私模式：未打印患者信息', en: 'Privacy mode: printed without the patient' },
  'print.orders': { zh: '{n} 个预约', en: '{n} {n|order|orders}' },
  'print.partial': { zh: '对方还有更多，此处不全', en: 'the station has more than these' },
  'print.firstRows': {
    zh: '前 {n} 个检查，共 {total} 个',
    en: 'The first {n} of {total} studies',
  },
} as const;
