//! What the three kinds of filing (民事起诉, 行政起诉, 申请执行) have of their own: articles, effects, periods, names of
//! papers. A table, so that no paper of one kind is ever issued in the words of another. Decides nothing.

/// Words in both languages.
type Words = (&'static str, &'static str);

/// One kind.
pub struct Kind {
    /// The name of its pleading.
    pub pleading: &'static str,
    /// The period of its review, a key of `court/periods.rs`.
    pub review: &'static str,
    /// What the receipt of it means.
    pub received: Words,
    /// By which article it is docketed.
    pub docketing: &'static str,
    /// What follows from docketing.
    pub docketed: Words,
    /// By which article it is refused.
    pub refusal: &'static str,
    /// What one can do against a refusal.
    pub refused: Words,
    /// By which article it goes to another court.
    pub transfer: &'static str,
    /// The notice of docketing.
    pub intake: Notice,
    /// The notice to whoever is on the other side.
    pub respond: Notice,
    /// Folders of the electronic file.
    pub folders: Folders,
}

/// A paper issued at docketing.
pub struct Notice {
    /// Kind of paper, as the API names it.
    pub kind: &'static str,
    /// 名称.
    pub title: &'static str,
    /// Template.
    pub template: &'static str,
    /// The clock it starts, a key of `court/periods.rs`; its days are printed.
    pub period: Option<&'static str>,
    /// What goes with it.
    pub attached: &'static [&'static str],
}

/// Numbers of the standard folders (电子卷宗目录, reference/folders.csv).
pub struct Folders {
    /// 立案审批表: what the court issued before docketing.
    pub review: i32,
    /// 起诉状, 申请书.
    pub pleading: i32,
    /// 受理通知书.
    pub intake: i32,
    /// 应诉通知书, 执行通知书.
    pub respond: i32,
    /// 身份证明, 授权.
    pub identity: i32,
    /// 送达地址确认书. Enforcement has no folder of its own for it: it lies with who the parties are.
    pub service: i32,
    /// 证据; in enforcement, the basis and the proof of its effect.
    pub evidence: i32,
}

const FIRST_INSTANCE: Folders = Folders { review: 3, pleading: 4, intake: 5, respond: 7, identity: 9, service: 10, evidence: 12 };

const CIVIL: Kind = Kind {
    pleading: "起诉状",
    review: "filing_decision",
    received: ("法院收到时，即为起诉时间。", "The time of receipt is the time of suing."),
    docketing: "民事诉讼法 第一百二十六条",
    docketed: ("审理期限自次日起算。", "The trial limit runs from the next day."),
    refusal: "民事诉讼法 第一百二十六条",
    refused: ("您可以要求法院作出裁定，对裁定不服可以上诉。", "You may ask for a ruling, and appeal against it."),
    transfer: "民事诉讼法 第三十七条",
    intake: Notice {
        kind: "acceptance_notice", title: "受理案件通知书", template: "acceptance_notice", period: None, attached: &[]
    },
    respond: Notice {
        kind: "notice_to_respond",
        title: "应诉通知书",
        template: "notice_to_respond",
        period: Some("defence"),
        attached: &["起诉状副本", "证据副本"],
    },
    folders: FIRST_INSTANCE,
};

const ADMINISTRATIVE: Kind = Kind {
    pleading: "行政起诉状",
    review: "admin_filing_decision",
    docketing: "行政诉讼法 第五十一条",
    docketed: (
        "审理期限自次日起算；被告应当在法定期限内提交作出行政行为的证据和依据。",
        "The trial limit runs from the next day; the agency must hand in the grounds of its act in time.",
    ),
    refusal: "行政诉讼法 第五十一条",
    refused: (
        "您可以要求法院作出不予立案的裁定，对裁定不服可以上诉。",
        "You may ask for a ruling not to docket it, and appeal against it.",
    ),
    transfer: "行政诉讼法 第二十二条",
    respond: Notice { period: Some("admin_defence"), attached: &["行政起诉状副本", "证据副本"], ..CIVIL.respond },
    ..CIVIL
};

const ENFORCEMENT: Kind = Kind {
    pleading: "强制执行申请书",
    review: "enforcement_filing_decision",
    received: ("法院收到时，即为申请执行的时间。", "The time of receipt is the time of applying."),
    docketing: "最高人民法院关于人民法院执行工作若干问题的规定（试行） 第十六条",
    docketed: (
        "法院自收到申请之日起十日内发出执行通知，并可以立即采取执行措施。",
        "The court issues the enforcement notice within ten days of the application and may act at once.",
    ),
    refusal: "最高人民法院关于人民法院执行工作若干问题的规定（试行） 第十六条",
    refused: ("您可以要求法院作出不予受理的裁定。", "You may ask for a ruling."),
    transfer: "民事诉讼法 第二百三十五条",
    intake: Notice { title: "受理执行案件通知书", ..CIVIL.intake },
    respond: Notice {
        kind: "enforcement_notice",
        title: "执行通知书",
        template: "enforcement_notice",
        period: None,
        attached: &["强制执行申请书副本", "执行依据副本"],
    },
    folders: Folders { review: 3, pleading: 4, intake: 7, respond: 8, identity: 6, service: 6, evidence: 5 },
};

/// 上诉: what the court above does with what was sent up (民事诉讼法 第十四章).
pub static APPEAL: Kind = Kind {
    pleading: "上诉状",
    received: (
        "上级法院自收到上诉材料和案卷之日起五日内立案。",
        "The court above dockets it within five days of having the appeal and the file.",
    ),
    docketing: "民事诉讼法 第一百七十四条",
    docketed: (
        "第二审审理期限自次日起算；原审中确认的送达地址在本案继续有效，书面变更的除外。",
        "The limit of second instance runs from the next day; the address confirmed at first instance holds here until changed in writing.",
    ),
    transfer: "民事诉讼法 第一百七十四条",
    respond: Notice { period: None, attached: &["上诉状副本（原审法院已送达）"], ..CIVIL.respond },
    ..CIVIL
};

/// The kind of that name; civil where the word is unknown.
pub fn kind(word: &str) -> &'static Kind {
    match word {
        "administrative" => &ADMINISTRATIVE,
        "enforcement" => &ENFORCEMENT,
        _ => &CIVIL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::court::periods;
    use crate::docket::reference::Reference;

    #[test]
    fn every_period_and_folder_of_every_kind_exists() {
        let reference = Reference::built_in().unwrap();
        for word in ["civil", "administrative", "enforcement"] {
            let k = kind(word);
            assert!(periods::rule(k.review).is_some_and(|r| r.period == periods::rule("filing_decision").unwrap().period), "{word}");
            for period in [k.intake.period, k.respond.period].into_iter().flatten() {
                assert!(periods::rule(period).is_some(), "{period}");
            }
            let folders = if word == "enforcement" { "enforcement" } else { "civil" };
            let f = &k.folders;
            for n in [f.review, f.pleading, f.intake, f.respond, f.identity, f.service, f.evidence] {
                assert!(reference.folder(folders, "main", n).is_some(), "{word} {n}");
            }
        }
    }
}
