//! Every diagnostic code, numbered by pass and never reused: P01xx syntax, P02xx names, P03xx types and money
//! questions, P04xx lints, P05xx events and state at run time, P06xx package data.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($code:ident $en:literal $zh:literal;)*) => {
        /// A stable diagnostic code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[doc = $en] $code,)* }
        impl Code {
            /// Every code in order.
            pub const ALL: &'static [Code] = &[$(Code::$code,)*];
            /// `P0301`.
            pub const fn as_str(self) -> &'static str { match self { $(Code::$code => stringify!($code),)* } }
            /// One-line title in English.
            pub const fn title_en(self) -> &'static str { match self { $(Code::$code => $en,)* } }
            /// One-line title in Chinese.
            pub const fn title_zh(self) -> &'static str { match self { $(Code::$code => $zh,)* } }
            /// The code spelled `text`.
            pub fn parse(text: &str) -> Option<Code> { Code::ALL.iter().copied().find(|c| c.as_str().eq_ignore_ascii_case(text)) }
        }
        impl std::fmt::Display for Code {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

codes! {
    // ---- syntax (ast)
    P0101 "the text is not a clause or declaration" "这里不是一个完整的条款或声明";
    P0102 "a bracket is not closed" "括号没有闭合";
    P0103 "a text or comment is not closed" "引号或注释没有闭合";
    P0104 "brackets are nested too deeply" "括号嵌套过深";
    P0105 "a date or time does not exist" "日期或时间不存在";
    P0106 "a number has too many digits" "数字位数过多";
    P0107 "a Chinese word of unclear bounds (以上/以下)" "“以上/以下”含义不明";
    P0108 "unclear what a cap or a per-unit applies to" "不清楚封顶或单位作用于哪一部分";
    P0109 "the same part is written twice" "同一部分写了两次";
    // ---- names (hir)
    P0201 "a name that is not declared" "名称未声明";
    P0202 "an event that is not declared" "事件未声明";
    P0203 "a name declared twice" "名称重复声明";
    P0204 "a region that does not exist" "区域不存在";
    P0205 "a product, category or coupon that does not exist" "产品、分类或券不存在";
    P0206 "a unit that does not exist" "单位不存在";
    P0207 "a value that is not one of those declared" "取值未声明";
    P0208 "a reward kind that is not declared" "奖励种类未声明";
    P0209 "a name that several places have" "名称不唯一";
    P0210 "a zone or currency that is not supported" "不支持的时区或货币";
    P0211 "a range that holds nothing" "取值范围无效";
    P0212 "no channel model, or two" "没有渠道模型，或有两个";
    P0213 "a clause in the wrong place" "条款位置不对";
    P0214 "a clause said twice" "条款重复";
    P0215 "a party the event does not know" "事件不涉及的参与方";
    P0216 "a code the event does not read" "事件不涉及的码";
    P0217 "which region is meant" "指哪个区域";
    P0218 "an event without a product" "事件没有产品";
    P0219 "what is counted" "数的是什么";
    P0220 "something without an identity" "没有身份的东西";
    P0221 "a template argument missing or of another kind" "模板参数缺失或不符";
    P0222 "a name defined by itself" "循环定义";
    P0223 "a draw named by let" "抽奖不能命名";
    P0224 "a policy in two groups" "政策属于两个组合";
    P0225 "a fact that cannot be used so" "信息不能这样使用";
    P0226 "two rows for one thing" "同一项有两行";
    P0227 "an exception outside its set" "排除项不在范围内";
    P0228 "a value a test cannot give" "测试中不能写的值";
    P0229 "a channel that leaves open how it counts" "渠道模型没有写明计算口径";
    P0230 "a rule with too many expressions" "规则的算式过多";
    P0231 "how many windows back" "回看几个时段";
    P0232 "a past event that can never be found" "永远找不到的过去事件";
    P0233 "identities of different sorts" "不同类的身份";
    P0234 "a gap between payments that is not one" "支付间隔写法不当";
    P0255 "an account that is not kept" "没有这样的账户";
    P0246 "a data table that cannot be kept so" "数据表的声明不成立";
    P0247 "what picks the row" "由什么确定是哪一行";
    P0248 "a row or a text is no value" "整行或文本不是值";
    P0273 "a text for readers that is empty" "给读者看的文字是空的";
    P0263 "something that identifies nobody" "不能识别用户";
    P0285 "a gap of days" "间隔几天";
    P0264 "an identity set beside another key" "同一身份与其他口径并列";
    P0265 "a share of nobody" "不是有效的比例";
    P0277 "a level of a chain named twice" "兑付链的一级写了两次";
    P0266 "the arms of an experiment are not 100%" "实验各组之和不是 100%";
    P0290 "a draw over several windows" "抽签跨几个时段";
    P0291 "how many chances an entry has" "每个参与者有几次机会";
    P0292 "a chance counted by what the entry does not know" "机会不能这样计算";
    // ---- types and money questions (typed)
    P0301 "a value of another type is needed" "类型不符";
    P0302 "units do not mix" "单位不能混用";
    P0303 "a value may be unknown here" "这里可能未知";
    P0304 "a number can grow beyond exact arithmetic" "数值可能超出精确范围";
    P0305 "a fraction of the smallest unit" "不足最小单位";
    P0306 "tiers without a mode" "阶梯没有说明计算方式";
    P0307 "tier bounds out of order" "阶梯起点未递增";
    P0308 "tiers overlap" "阶梯重叠";
    P0309 "a gap between tiers" "阶梯有空缺";
    P0310 "a tier row without a usable bound" "阶梯行的起点不可用";
    P0311 "a tier mode that cannot be used here" "此处不能用该计算方式";
    P0312 "a share of something that may be zero" "占比的整体可能为零";
    P0313 "chances do not add up to 100%" "概率之和不是 100%";
    P0314 "chances of different sorts in one draw" "抽奖各行概率写法不一";
    P0315 "a draw inside an expression" "抽奖写在算式里";
    P0316 "a random range without a grid" "随机范围与步长不符";
    P0317 "a bound that never or always applies" "上下限不起作用";
    P0318 "a table without `else`" "表格缺少“其他”";
    P0319 "amount and reward kind do not fit" "金额与奖励种类不符";
    P0320 "net or gross" "税前还是税后";
    P0321 "an amount can be below zero" "金额可能为负";
    P0322 "no campaign dates" "没有活动期间";
    P0323 "dates out of order" "日期次序颠倒";
    P0324 "whose cost is it" "费用性质不明";
    P0325 "no usable budget" "没有可用的预算";
    P0326 "what happens when the budget is gone" "预算用完怎么办";
    P0327 "nothing is ever paid" "没有任何奖励";
    P0328 "and if it is unknown" "未知时怎么办";
    P0329 "and beyond the limit" "超出上限怎么办";
    P0330 "a limit that is not one" "上限写法不当";
    P0331 "how often does a code pay" "一个码可以领几次";
    P0332 "and if the goods are returned" "退货怎么办";
    P0333 "no event can satisfy this" "没有事件能满足";
    P0334 "a period has no product" "结算期没有产品";
    P0335 "two policies pay the same role for one event" "两个政策为同一事件支付同一角色";
    P0336 "`best of` compares sums of money" "择优只能比较金额";
    P0337 "a draw with a condition of its own" "抽奖单独带条件";
    P0338 "a filter that is not about one fact at a time" "筛选条件不是逐项信息";
    P0339 "a reward that no rule on that event gives" "该事件没有规则给过的奖励";
    P0345 "the tickets of a pool do not add up" "奖池的份数不符";
    P0346 "a pool beside something else" "奖池不能与其他奖励并列";
    P0347 "and when the pool is used up" "奖池用完怎么办";
    P0348 "the budget does not cover the pool" "预算不够付奖池";
    P0349 "a share that does not add up" "分润不能凑成整数";
    P0350 "a divisor that may be zero" "除数可能为零";
    P0351 "a quotient rounded before it is multiplied" "先取整再相乘";
    P0352 "a remainder that is none" "余数写法不当";
    P0353 "a deduction from what" "扣减什么";
    P0354 "a fraction of a point" "不满一分的积分";
    P0360 "a multiple of what" "是什么的整数倍";
    P0361 "until when is it redeemed" "兑付到什么时候为止";
    P0362 "a payment nobody is charged" "没有付款人的付款";
    P0363 "net or gross of what is taken" "扣除分税前税后";
    P0364 "an exchange paid in part" "有扣除或收款的规则只付一部分";
    P0380 "who runs the lottery is not said" "没有写明抽奖由谁主办";
    P0381 "how a prize reaches its winner is not said" "没有写明奖品如何发放";
    P0382 "until when a prize can be claimed is not said" "没有写明奖品的兑奖期限";
    P0383 "a prize of unknown worth" "奖品的价值不明";
    P0365 "whose award is taken back" "追回的是谁的奖励";
    P0366 "in proportion to what" "按什么的比例";
    P0367 "claimed and taken back" "既要领取又要追回";
    P0370 "a bound that does not fit what it bounds" "上限与所限的内容不符";
    P0371 "a window on a single event" "单次事件写了时间段";
    P0372 "an invariant no rule is held by" "约束没有限制任何规则";
    P0373 "an event that does not say whose it is" "事件没有说明是谁";
    P0374 "an exchange that waits" "等待中的扣除或收款";
    P0375 "a wait of no time" "等待时间为零";
    P0376 "a wait for who is drawn" "等待抽出的一方";
    P0384 "a prize without its odds" "奖项没有概率或数量";
    P0395 "deadlines of a chain that do not grow" "逐级的期限没有往后推";
    P0396 "a level of a chain and its rule" "兑付链的一级与它的规则";
    P0397 "do exchanged goods carry the right again" "换来的还能不能再中";
    P0398 "no further right that cannot be enforced" "“不再参与”无法落实";
    P0390 "a prize above what the law allows" "奖品超过法律上限";
    P0391 "announced odds that are not true" "公布的中奖率不实";
    P0392 "announced odds of what" "公布的是什么的中奖率";
    P0393 "what one payment may be" "单笔金额的范围写得不对";
    // ---- lints
    P0401 "an answer that is never used" "用不到的回答";
    P0402 "a group of fewer than two policies" "组合中的政策少于两个";
    P0410 "a payment its channel does not take" "付款通道不支持的单笔金额";
    P0411 "a remainder that may be too small to pay" "付余额可能低于单笔下限";
    P0412 "announced odds that are rounded" "公布的中奖率是约数";
    P0413 "a cliff between two tiers" "两档之间的悬崖";
    P0414 "no bottles are asked for per table" "没有每桌瓶数的下限";
    P0440 "a second scan of the same code counts again" "同一个码再扫一次又算一次";
    // ---- events and state
    P0501 "an event is of a kind the channel does not declare" "事件种类未在渠道模型中声明";
    P0502 "an event is not complete JSON" "事件不是完整的 JSON";
    P0503 "an event lacks a required field" "事件缺少必填字段";
    P0504 "a field of an event is of the wrong type" "事件字段的类型不对";
    P0505 "a number in an event is out of its declared bounds" "事件中的数字超出声明的范围";
    P0506 "a product in an event is not in the catalogue" "事件中的产品不在产品目录中";
    P0507 "a region in an event does not exist" "事件中的区域不存在";
    P0508 "a region in an event can be several" "事件中的区域有歧义";
    P0509 "an event has a field its kind does not declare" "事件含有未声明的字段";
    P0510 "a time or date in an event is not RFC 3339" "事件中的时间或日期不是 RFC 3339 格式";
    P0511 "an event was made for another schema" "事件属于另一个模式版本";
    P0512 "the time of a period end is not its last second" "期末事件的时间不是该期最后一秒";
    P0513 "a field of an event is given twice" "事件字段重复";
    P0514 "a value in an event is not one of those declared" "事件中的值不在声明的取值之内";
    P0515 "an id was used before with other facts" "同一编号已用于内容不同的事件";
    P0516 "the stored state does not fit the program" "存储的状态与程序不符";
    P0517 "the store could not do its work" "存储无法完成操作";
    // ---- package data
    P0601 "promo.toml is not valid TOML" "promo.toml 不是有效的 TOML";
    P0602 "promo.toml has an unknown key" "promo.toml 中有未知的键";
    P0603 "a value of promo.toml is missing or of the wrong kind" "promo.toml 中的值缺失或类型不对";
    P0604 "a file the package names is not there" "包引用的文件不存在";
    P0605 "a file is not UTF-8 text" "文件不是 UTF-8 文本";
    P0606 "the language version is unknown" "语言版本未知";
    P0607 "the header of a data file is wrong" "数据文件的表头有误";
    P0608 "a row of a data file is malformed" "数据文件的行格式有误";
    P0609 "a cell of a data file is missing or malformed" "数据文件的单元格缺失或格式有误";
    P0610 "a number in a data file is out of range" "数据文件中的数字超出范围";
    P0611 "a key appears twice in a data file" "数据文件中的键重复";
    P0612 "the region file is not a tree" "区域文件不构成一棵树";
    P0613 "the package has no policy files" "包中没有政策文件";
    P0630 "an announced policy or rule is gone" "已公布的政策或规则不见了";
    P0631 "announced terms changed to the consumer's disadvantage" "已公布的条款改得对消费者不利";
    P0632 "a change that cannot be shown to favour the consumer" "无法证明修改对消费者有利";
    P0620 "a workbook that cannot be read" "Excel 文件无法读取";
    P0646 "a date in the calendar that is none" "日历中的日期有误";
    P0647 "an unknown kind of day" "日历中的类型不明";
    P0648 "a year the calendar does not list" "日历没有列全的年份";
    P0649 "which days are working days" "哪些天是工作日";
    P0650 "working days beyond the calendar" "工作日超出日历";
}
