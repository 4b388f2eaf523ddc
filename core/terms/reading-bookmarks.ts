/** Words of bookmarks: views of a study to come back to. */
export const bookmarkTerms = {
  'reading.bookmarks': { zh: '书签', en: 'Bookmarks' },
  'reading.bookmarkKeep': { zh: '保存当前视图', en: 'Keep this view' },
  'reading.bookmarkList': { zh: '书签列表', en: 'List of bookmarks' },
  'reading.bookmarkClose': { zh: '关闭书签列表', en: 'Close the list of bookmarks' },
  'reading.bookmarkNext': { zh: '下一个书签', en: 'Next bookmark' },
  'reading.bookmarkPrevious': { zh: '上一个书签', en: 'Previous bookmark' },
  'reading.bookmarkShow': { zh: '显示此视图', en: 'Show this view' },
  'reading.bookmarkReplace': { zh: '用当前视图替换', en: 'Replace by the present view' },
  'reading.bookmarkEdit': { zh: '名称与备注', en: 'Name and note' },
  'reading.bookmarkUp': { zh: '上移', en: 'Up' },
  'reading.bookmarkDown': { zh: '下移', en: 'Down' },
  'reading.bookmarkDelete': { zh: '删除书签', en: 'Delete the bookmark' },
  'reading.bookmarkName': { zh: '名称', en: 'Name' },
  'reading.bookmarkNote': { zh: '备注', en: 'Note' },
  'reading.bookmarkDone': { zh: '完成', en: 'Done' },
  'reading.bookmarkRename': { zh: '命名…', en: 'Name it…' },
  'reading.bookmarkNone': {
    zh: '还没有书签。书签记住布局、图像、窗位、平面、三维视角和沿血管的位置；之后一次点击即可回到该视图。测量、中心线和蒙版不受影响。',
    en: 'No bookmarks yet. A bookmark remembers layout, images, windows, planes, the view in 3D and the place along a vessel; one click brings them back. Measurements, centrelines and masks stay as they are.',
  },
  'reading.bookmarkKept': { zh: '已保存视图：{name}', en: 'View kept: {name}' },
  'reading.bookmarkReplaced': { zh: '已用当前视图替换：{name}', en: 'Replaced by the present view: {name}' },
  'reading.bookmarkDeleted': { zh: '已删除书签：{name}', en: 'Bookmark deleted: {name}' },
  'reading.bookmarkPutBack': { zh: '恢复', en: 'Put back' },
  'reading.bookmarkFull': {
    zh: '一个检查最多 {n} 个书签：请先删除不用的。',
    en: 'A study holds {n} bookmarks at most: delete one that is not needed first.',
  },
  'reading.bookmarkSeriesGone': {
    zh: '此视图中有 {n} 个序列已不在检查中',
    en: '{n} series of this view {n|is|are} no longer in the study',
  },
  'reading.bookmarkVolumeGone': {
    zh: '此视图的容积已改变，平面和三维无法照原样显示',
    en: 'the volume of this view has changed, so its planes and 3D cannot be shown as they were',
  },
  'reading.bookmarkLineGone': { zh: '此视图的中心线已删除', en: 'the centreline of this view was deleted' },
  'reading.bookmarkMasksGone': {
    zh: '此视图中有 {n} 个蒙版已删除',
    en: '{n} {n|mask|masks} of this view {n|was|were} deleted',
  },
  'reading.bookmarkRest': { zh: '{what}；其余照旧显示。', en: '{what}; the rest is shown.' },
  'reading.bookmarkNothing': {
    zh: '{what}；没有可显示的内容，画面保持不变。',
    en: '{what}; nothing of it is left, and the screen stays as it is.',
  },
} as const;
