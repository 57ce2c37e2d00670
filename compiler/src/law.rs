//! Limits set by law, each in this one place with its source. Limits of payment platforms are not here: they differ
//! by contract and are data of the channel model.

/// The greatest prize of a prize promotion that draws lots, in fen: 50,000 yuan. Exactly that is allowed.
///
/// 反不正当竞争法 (2019 text) article 10 (3): 抽奖式的有奖销售，最高奖的金额超过五万元 is unfair competition
/// (<http://fujian.gov.cn:85/gate/big5/www.fujian.gov.cn/hdjl/hdjlzsk/sscjdglj/jzzf/ldjg/202211/t20221125_6062404.htm>).
/// Several chances of one purchase are added up, and goods, services and rights count at market price
/// (规范促销行为暂行规定, deemed cases: <http://nvmoo.com/shehui/202011/46552_2.html>).
pub const GREATEST_PRIZE: i64 = 5_000_000;
