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
    // ---- names (hir)
    // ---- types and money questions (typed)
    // ---- lints
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
}
