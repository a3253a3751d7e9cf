//! 卷宗随案生成: what is in the electronic file on the day of docketing (V03). A table says which paper goes where; the
//! leaves are put in the standard order, so that their numbers are the order of the file. Owns no table; the file is
//! `docket/file.rs`.

use sqlx::Row as _;
use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::docket::file::{self, NewLeaf};
use crate::error::Result;
use crate::filing::content::{Content, text};
use crate::filing::kinds::Folders;
use crate::filing::read::Row;

/// A leaf to be put in, before the order is known.
pub struct Planned {
    folder: i32,
    title: String,
    class: &'static str,
    maker: &'static str,
    what: What,
    staff_only: bool,
}

/// What the leaf is.
enum What {
    Paper(Uuid),
    Object { media_type: String, size: i64, pages: Option<i32>, sha256: String, sm3: String, key: String },
}

impl Planned {
    /// A paper.
    pub fn paper(folder: i32, title: &str, class: &'static str, maker: &'static str, paper: Uuid) -> Self {
        Self { folder, title: title.into(), class, maker, what: What::Paper(paper), staff_only: false }
    }

    /// Its paper, where it is one.
    pub fn paper_id(&self) -> Option<Uuid> {
        match self.what {
            What::Paper(paper) => Some(paper),
            What::Object { .. } => None,
        }
    }

    fn leaf(&self) -> NewLeaf<'_> {
        let leaf = match &self.what {
            What::Paper(paper) => NewLeaf::paper(self.folder, &self.title, self.class, self.maker, *paper),
            What::Object { media_type, size, pages, sha256, sm3, key } => {
                NewLeaf::object(self.folder, &self.title, self.class, self.maker, media_type, *size, *pages, sha256, sm3, key)
            }
        };
        if self.staff_only { leaf.for_staff() } else { leaf }
    }

    /// In the 正卷, but for the court and whoever it is served on: it carries a code.
    pub fn for_staff(mut self) -> Self {
        self.staff_only = true;
        self
    }
}

/// Kind of paper, its folder, its class, who made it.
type Line = (&'static str, fn(&Folders) -> i32, &'static str, &'static str);

/// Papers of the filing, and where they go.
const OF_FILING: &[Line] = &[
    ("pleading", |f| f.pleading, "书状", "提交人"),
    ("appeal", |f| f.pleading, "书状", "提交人"),
    ("filing_receipt", |f| f.review, "收据", "本院"),
    ("correction_notice", |f| f.review, "通知书", "本院"),
    ("transfer_notice", |f| f.review, "通知书", "移送法院"),
];

/// Papers of the filing, newest pleading first: it is the one the case is about, the others show what was corrected.
pub async fn papers(tx: &mut CourtTx, row: &Row) -> Result<Vec<Planned>> {
    let court = tx.court;
    let mut found: Vec<(Uuid, String, String)> =
        sqlx::query_as("select paper_id, kind, title from papers where court_id = $1 and filing_id = $2 order by paper_id")
            .bind(court)
            .bind(row.filing_id)
            .fetch_all(tx.conn())
            .await?;
    let last = found.iter().rposition(|(_, kind, _)| kind == "pleading");
    if let Some(last) = last {
        let newest = found.remove(last);
        found.insert(0, newest);
    }
    let k = row.law();
    let mut rounds = 0;
    let planned = found.into_iter().enumerate().filter_map(|(i, (paper, word, title))| {
        let (_, folder, class, maker) = OF_FILING.iter().find(|(name, ..)| *name == word)?;
        let title = match (word.as_str(), i) {
            ("pleading", 0) => k.pleading.to_owned(),
            ("pleading", _) => {
                rounds += 1;
                format!("{}（第 {rounds} 次提交，其后已补正）", k.pleading)
            }
            _ => title,
        };
        Some(Planned::paper(folder(&k.folders), &title, class, maker, paper))
    });
    Ok(planned.collect())
}

/// Files of the filing: evidence under its exhibit's name, what answers a correction said to be so.
pub async fn files(tx: &mut CourtTx, row: &Row, content: &Content) -> Result<Vec<Planned>> {
    let court = tx.court;
    let folders = &row.law().folders;
    let found = sqlx::query("select name, size, media_type, sha256, sm3, pages, role, evidence_id, object_key, round, folder from filing_files where court_id = $1 and filing_id = $2 order by file_id")
        .bind(court)
        .bind(row.filing_id)
        .fetch_all(tx.conn())
        .await?;
    let planned = found.into_iter().map(|r| {
        let role: String = r.get("role");
        let title = title(content, &r.get::<String, _>("name"), r.get::<Option<String>, _>("evidence_id"));
        let (folder, class, maker) = match (role.as_str(), r.get::<Option<i32>, _>("folder")) {
            // at its place in the first file, and no evidence anew: nothing of it is served again
            ("first_file", Some(folder)) => (folder, "一审卷宗", "原审法院"),
            ("evidence", _) => (folders.evidence, "证据材料", "提交人"),
            _ => (folders.identity, "身份及授权材料", "提交人"),
        };
        Planned {
            folder,
            title: if r.get::<i32, _>("round") > 0 { format!("{title}（补正）") } else { title },
            class,
            maker,
            what: What::Object {
                media_type: r.get("media_type"),
                size: r.get("size"),
                pages: r.get("pages"),
                sha256: r.get("sha256"),
                sm3: r.get("sm3"),
                key: r.get("object_key"),
            },
            staff_only: false,
        }
    });
    Ok(planned.collect())
}

/// `借条（手机照片）`: the exhibit's name, and the file's where it says more.
fn title(content: &Content, name: &str, evidence: Option<String>) -> String {
    let exhibit = content.evidence.iter().find(|e| e.id.is_some() && e.id == evidence).map(|e| text(&e.name)).filter(|n| !n.is_empty());
    let stem = name.rsplit_once('.').filter(|(_, end)| end.len() <= 5).map_or(name, |(stem, _)| stem);
    match exhibit {
        Some(exhibit) if exhibit != stem => format!("{exhibit}（{stem}）"),
        _ => stem.to_owned(),
    }
}

/// Puts them all in, folder by folder in the standard order; within a folder as they came.
pub async fn put(tx: &mut CourtTx, case: Uuid, mut planned: Vec<Planned>) -> Result<()> {
    planned.sort_by_key(|p| p.folder);
    let leaves: Vec<NewLeaf<'_>> = planned.iter().map(Planned::leaf).collect();
    file::add_all(tx, case, &leaves).await?;
    Ok(())
}
