//! What stands around the policies: the table at the top, groups, coupons, general terms, definitions, the version.

use super::Writer;
use super::tree::{Block, Table};
use super::words::say;
use crate::ast::GroupRule;
use crate::hir::{Coupon, Group, Limit};
use crate::ir::EventId;

impl Writer<'_> {
    /// Who is paid what for which event.
    pub(super) fn overview(&self) -> Block {
        let header = [
            say!(self, "policy", "政策"),
            say!(self, "for", "事由"),
            say!(self, "who", "谁得"),
            say!(self, "is paid", "得什么"),
            say!(self, "clause", "依据条款"),
        ];
        let rows = self.paid.iter().map(|p| [&p.policy, &p.event, &p.who, &p.what, &p.clause].map(Clone::clone).into());
        Block::Table(Table {
            label: String::new(),
            caption: say!(self, "Who is paid what for which event", "谁因什么事得到什么"),
            header: header.into(),
            rows: rows.collect(),
        })
    }

    /// How policies relate, and their common ceilings.
    pub(super) fn group(&mut self, group: &Group) {
        let Group { name, rule, members, written: _, arms, limits, at: _ } = group;
        self.article(&match arms {
            None => say!(self, "Group “{name}”", "组合“{name}”"),
            Some(_) => say!(self, "Experiment “{name}”", "实验“{name}”"),
        });
        let title =
            |i: &usize| self.package.policies.get(*i).map(|p| format!("“{}”", p.title.as_ref().unwrap_or(&p.name)));
        let members: Vec<String> = members.iter().filter_map(title).collect();
        let members = self.list(&members);
        let text = match rule {
            GroupRule::AllOf if arms.is_some() => say!(
                self,
                "Nobody gets more than one of {members}: who is for which is said in each of them, follows from a hash and does \
                 not change.",
                "{members}互斥：每个对象至多适用其中之一，适用范围见各政策，由哈希值确定，固定不变。"
            ),
            GroupRule::BestOf => say!(
                self,
                "Of {members} only the one by which the most money is received for an event is paid; of equals the one named first.",
                "{members}之间择优：同一事件只支付其中到手金额最高的一个，金额相同的取排在前面的。"
            ),
            GroupRule::FirstOf => say!(
                self,
                "Of {members} only the first, in this order, that pays for an event is paid.",
                "{members}之间择先：同一事件只支付按此次序第一个可支付的。"
            ),
            GroupRule::AllOf => {
                say!(self, "Each of {members} is paid beside the others.", "{members}可以叠加，各自支付。")
            }
        };
        self.clause(text);
        let mut said: Vec<u64> = Vec::new();
        for (event, limit) in limits {
            if said.contains(&limit.counter) {
                continue;
            }
            said.push(limit.counter);
            self.ceiling(*event, limit);
        }
    }

    fn ceiling(&mut self, event: EventId, limit: &Limit) {
        self.event = event;
        let text = self.at_most(limit);
        self.clause(say!(self, "All of them together: {text}", "以上政策合计：{text}"));
    }

    /// Coupons that are given away.
    pub(super) fn coupons(&mut self) {
        if self.package.coupons.is_empty() {
            return;
        }
        self.article(&say!(self, "Coupons", "券"));
        for coupon in &self.package.coupons {
            let text = self.coupon_terms(coupon);
            self.clause(say!(self, "{text}.", "{text}。"));
        }
    }

    /// `“满 75 元赠 1 罐”（CAN1）：价值…；有效…`
    pub(super) fn coupon_terms(&mut self, coupon: &Coupon) -> String {
        let Coupon { name, title: _, worth, valid, at: _ } = coupon;
        let name = self.coupon(name);
        let worth = match worth {
            Some(worth) => {
                let worth = self.amount(worth);
                say!(self, "worth {worth}", "价值{worth}")
            }
            None => say!(self, "no worth in money is stated", "未写明金额价值"),
        };
        let valid = match valid {
            Some(term) => {
                let valid = self.length(*term);
                say!(self, "valid for {valid} after it is given", "自发放起{valid}内有效")
            }
            None => say!(self, "no end of validity is stated", "未写明有效期"),
        };
        say!(self, "{name}: {worth}; {valid}", "{name}：{worth}；{valid}")
    }

    /// What the language itself says of every policy.
    pub(super) fn general(&mut self) {
        self.article(&say!(self, "How this is read", "通则"));
        let (zone, rounding) = (self.zone(), self.rounding(self.package.model.rounding));
        let draws = self.drawn.then(|| self.draw_terms());
        let entries = self.drawn_among_all.then(|| self.entry_draw_terms());
        let clauses = [
            say!(
                self,
                "All times are {zone}. A calendar week begins on Monday. A period in months, \
                 quarters or years is a calendar period.",
                "所有时间均为{zone}。自然日从0点到24点，自然周从周一开始，月、季度、年均为自然月、自然季度、自然年。"
            ),
            say!(
                self,
                "Money is counted in whole fen. A fraction of a fen that a rate leaves is rounded {rounding}, each time a rate \
                 is applied, unless the clause says otherwise.",
                "金额以分为最小单位。按比例计算不足一分的部分，每次计算时{rounding}到分，条款另有写明的从其写明。"
            ),
            say!(
                self,
                "Articles of one policy add up. An event is paid at most once under an article, however often it is sent.",
                "同一政策各条的奖励累加。同一事件在一条之下最多支付一次，重复发送不重复支付。"
            ),
            say!(
                self,
                "It is decided in this order: scope, conditions, amounts, what is paid only once, limits, bounds over all \
                 policies, tickets of a pool, balance of what is taken, budget. The first \
                 that is not met is the reason for not paying. What is not paid uses nothing up, except a draw that \
                 wins nothing: it uses the chance up.",
                "按以下次序判定：适用范围、条件、金额、只付一次、上限、各政策共同的约束、奖池、扣除余额、预算；第一项不满足的即为不支付的原因。未支付的不占用次数和额度；\
                 抽奖未中的，视为已使用该次机会。"
            ),
            say!(
                self,
                "Where an article pays once per somebody or something, or counts by it, and that is unknown, nothing is paid.",
                "按某一对象计次或计额的，该对象未知时不支付。"
            ),
            say!(
                self,
                "A region means itself and everything below it, except what is named as an exception.",
                "区域包含其本身及全部下级区域，列明不含的除外。"
            ),
        ];
        let returns = self.returns();
        for text in clauses.into_iter().chain(draws).chain(entries).chain(returns) {
            self.clause(text);
        }
    }

    /// How what was paid is undone, where the channel says what a return is.
    fn returns(&mut self) -> Option<String> {
        let model = &self.package.model;
        let found = (0u32..).zip(&model.events).filter(|(_, e)| e.returns).map(|(i, _)| EventId(i));
        let found: Vec<EventId> = found.collect();
        if found.is_empty() {
            return None;
        }
        let names: Vec<String> = found.into_iter().map(|e| self.event_name(e)).collect();
        let names = self.list(&names);
        Some(say!(
            self,
            "A return is one of: {names}. Goods that come back undo what was paid for scans of this pack or of a pack around \
             it, an undone event what was paid for it. What is undone is what was paid: it is taken back from whoever got it \
             and goes back to the budget; what paid only once and limits stay used up. Taken back in proportion means the part \
             that came back, rounded down, each code once.",
            "退货指：{names}。货物退回的，撤销因扫描该包装或包含它的包装所付的奖励；撤销事件的，撤销该事件所付的奖励。撤销以实际支付为准，向实际所得者追回并\
             退回预算；已用的次数和额度不恢复。按比例追回的，按退回部分向下取整，每个码只计一次。"
        ))
    }

    /// The events and kinds of reward that the articles spoke of.
    pub(super) fn definitions(&mut self) {
        self.article(&say!(self, "Definitions", "释义"));
        let mut told = Vec::new();
        while let Some(event) = self.used.iter().copied().find(|e| !told.contains(e)) {
            told.push(event);
            let (name, what) = (self.event_name(event), self.happening(event));
            self.clause(say!(self, "{name}: {what}.", "{name}：{what}。"));
        }
        for text in self.identities() {
            self.clause(text);
        }
        let taxed: Vec<String> = self.kinds.iter().filter_map(|kind| self.tax_terms(*kind)).collect();
        for text in taxed {
            self.clause(text);
        }
        if let Some((organiser, contact)) = self.package.model.organiser.clone() {
            self.clause(say!(
                self,
                "Organiser: {organiser}; contact: {contact}.",
                "主办：{organiser}；联系方式：{contact}。"
            ));
        }
    }

    /// Which text this is: hashes of the meaning, the same in both languages.
    pub(super) fn version(&mut self, chosen: &[usize]) {
        self.chapter(&say!(self, "Version", "版本"), "");
        let hash = &self.program.semantic_hash;
        self.blocks.push(Block::Paragraph(say!(
            self,
            "This text was made from the checked policies and says what they do. Both languages say the same. The hash \
             changes when any amount, bound or date changes. Hash of the whole: {hash}",
            "本文由已通过检查的政策生成，所述即系统所执行；中英文含义一致。任何金额、界限或日期改变，哈希随之改变。整体哈希：{hash}"
        )));
        let rows = chosen.iter().filter_map(|i| self.program.policies.get(*i));
        let rows = rows
            .map(|p| vec![p.name.clone(), p.title.clone().unwrap_or_else(|| p.name.clone()), p.hash.clone()])
            .collect();
        let header = vec![say!(self, "policy", "政策"), say!(self, "title", "标题"), say!(self, "hash", "哈希")];
        self.blocks.push(Block::Table(Table { label: String::new(), caption: String::new(), header, rows }));
    }
}
