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
    // ---- types and money questions (typed)
    // ---- lints
    // ---- events and state
    // ---- package data
}
