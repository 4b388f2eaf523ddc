/** What statuses mean, by service (PS3.4 B.2.3, C.4, F.7, J.3, K.4; PS3.7 annex C). */

export type StatusCategory = 'success' | 'warning' | 'failure' | 'pending' | 'cancel';
export type StatusService =
  | 'echo'
  | 'store'
  | 'find'
  | 'move'
  | 'get'
  | 'worklist'
  | 'commitment'
  | 'procedureStep';

export interface StatusRow {
  /** First and last status that it stands for. */
  readonly from: number;
  readonly to: number;
  readonly category: StatusCategory;
  readonly en: string;
  readonly zh: string;
}

/** Of every service (PS3.7 annex C): status or range, category, words. */
const generalText = `0000|success|Success|成功
0001|warning|Requested optional attributes are not supported|不支持所请求的可选属性
0105|failure|No such attribute|没有该属性
0106|failure|Invalid attribute value|属性值无效
0107|warning|Attribute list error|属性列表有误
0110|failure|Processing failure|处理失败
0111|failure|Duplicate SOP instance|SOP 实例重复
0112|failure|No such SOP instance|没有该 SOP 实例
0113|failure|No such event type|没有该事件类型
0114|failure|No such argument|没有该参数
0115|failure|Invalid argument value|参数值无效
0116|warning|Attribute value out of range|属性值超出范围
0117|failure|Invalid SOP instance|SOP 实例无效
0118|failure|No such SOP class|没有该 SOP 类
0119|failure|Class and instance conflict|SOP 类与实例不符
0120|failure|Missing attribute|缺少属性
0121|failure|Missing attribute value|缺少属性值
0122|failure|Refused: SOP class not supported|拒绝：不支持该 SOP 类
0123|failure|No such action|没有该操作
0124|failure|Refused: not authorized|拒绝：未授权
0131|failure|Duplicate transaction UID|事务 UID 重复
0210|failure|Duplicate invocation|重复的调用
0211|failure|Unrecognized operation|无法识别的操作
0212|failure|Mistyped argument|参数类型有误
0213|failure|Resource limitation|资源受限
FE00|cancel|Cancelled|已取消
FF00|pending|Pending|进行中`;

const storeText = `A700-A7FF|failure|Refused: out of resources|拒绝：资源不足
A900-A9FF|failure|Data set does not match SOP class|数据集与 SOP 类不符
C000-CFFF|failure|Cannot understand|无法理解
B000|warning|Coercion of data elements|部分数据元素被改写
B006|warning|Elements discarded|部分数据元素被丢弃
B007|warning|Data set does not match SOP class|数据集与 SOP 类不符，已接受`;

const findText = `A700|failure|Refused: out of resources|拒绝：资源不足
A900|failure|Identifier does not match SOP class|查询条件与 SOP 类不符
C000-CFFF|failure|Unable to process|无法处理
FF01|pending|Pending, some optional keys are not supported|进行中，部分可选条件不受支持`;

const retrieveText = `A701|failure|Out of resources: unable to calculate number of matches|资源不足：无法计算匹配数
A702|failure|Out of resources: unable to perform sub-operations|资源不足：无法执行子操作
A900|failure|Identifier does not match SOP class|取回条件与 SOP 类不符
C000-CFFF|failure|Unable to process|无法处理
B000|warning|Sub-operations complete, one or more failures or warnings|子操作已完成，部分失败或有警告`;

const moveText = `A801|failure|Move destination unknown|不认识目的地
${retrieveText}`;

const rowsOf = (text: string): readonly StatusRow[] =>
  text.split('\n').map((line) => {
    const [range = '', category = '', en = '', zh = ''] = line.split('|');
    const [from = '', to = from] = range.split('-');
    return {
      from: Number.parseInt(from, 16),
      to: Number.parseInt(to, 16),
      category: category as StatusCategory,
      en,
      zh,
    };
  });

export const generalStatuses: readonly StatusRow[] = rowsOf(generalText);

/** Statuses of one service, beside the general ones. */
export const serviceStatuses: Readonly<Record<StatusService, readonly StatusRow[]>> = {
  echo: [],
  store: rowsOf(storeText),
  find: rowsOf(findText),
  move: rowsOf(moveText),
  get: rowsOf(retrieveText),
  worklist: rowsOf(findText),
  commitment: [],
  procedureStep: [],
};
