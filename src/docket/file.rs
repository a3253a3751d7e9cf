//! 电子卷宗: leaves in the standard folders, made with the case (V03). Owns the table leaves.
//! 副卷 never shows itself to a party; that wall is in the database.

use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::{Error, Result};

/// A new leaf.
pub struct NewLeaf<'a> {
    folder: i32,
    volume: &'static str,
    staff_only: bool,
    title: &'a str,
    class: &'a str,
    maker: &'a str,
    media_type: &'a str,
    size: Option<i64>,
    pages: Option<i32>,
    digests: Option<(&'a str, &'a str)>,
    object_key: Option<&'a str>,
    paper: Option<Uuid>,
}

impl<'a> NewLeaf<'a> {
    /// A paper of the court or a pleading; its digests come when it is rendered.
    pub fn paper(folder: i32, title: &'a str, class: &'a str, maker: &'a str, paper: Uuid) -> Self {
        Self {
            folder,
            volume: "main",
            staff_only: false,
            title,
            class,
            maker,
            media_type: "application/pdf",
            size: None,
            pages: None,
            digests: None,
            object_key: None,
            paper: Some(paper),
        }
    }

    /// A stored object.
    #[allow(clippy::too_many_arguments, reason = "the columns of a leaf")]
    pub fn object(
        folder: i32,
        title: &'a str,
        class: &'a str,
        maker: &'a str,
        media_type: &'a str,
        size: i64,
        pages: Option<i32>,
        sha256: &'a str,
        sm3: &'a str,
        key: &'a str,
    ) -> Self {
        Self {
            folder,
            volume: "main",
            staff_only: false,
            title,
            class,
            maker,
            media_type,
            size: Some(size),
            pages,
            digests: Some((sha256, sm3)),
            object_key: Some(key),
            paper: None,
        }
    }

    /// In the 正卷, but for the court and whoever it is served on: it carries a code.
    pub fn for_staff(mut self) -> Self {
        self.staff_only = true;
        self
    }

    /// In the 副卷: for the court's own eyes.
    pub fn for_court_only(mut self) -> Self {
        self.volume = "secret";
        self
    }
}

/// Where identity papers and powers of attorney lie: folder 9 of a trial file, 6 of an enforcement file.
pub fn identity_folder(case_kind: &str) -> i32 {
    if case_kind == "enforcement" { 6 } else { 9 }
}

/// Adds a leaf at the end; answers its id.
pub async fn add(tx: &mut CourtTx, case: Uuid, leaf: &NewLeaf<'_>) -> Result<Uuid> {
    let ids = add_all(tx, case, std::slice::from_ref(leaf)).await?;
    ids.first().copied().ok_or_else(|| Error::internal("a leaf without an id"))
}

/// Adds leaves at the end, in this order; answers their ids. A paper brings along for whom it is, and its size and
/// digests when it is set already; one set later gets them then. One statement for all: docketing holds the court's next number while it runs.
pub async fn add_all(tx: &mut CourtTx, case: Uuid, leaves: &[NewLeaf<'_>]) -> Result<Vec<Uuid>> {
    let (court, now) = (tx.court, tx.now());
    let ids: Vec<Uuid> = leaves.iter().map(|_| tx.id()).collect();
    // two who file at once get two numbers, one after the other
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('leaves' || $1::text, 0))").bind(case).execute(tx.conn()).await?;
    sqlx::query(
        "insert into leaves (court_id, case_id, leaf_id, n, folder, volume, title, doc_class, maker, made_at, media_type, size, pages, sha256, sm3, object_key, paper_id, staff_only, only_for)
         select $1, $2, l.id, (select coalesce(max(n), 0) from leaves where court_id = $1 and case_id = $2) + l.i, l.folder, l.volume, l.title, l.class, l.maker, $3, l.media_type,
           coalesce(l.size, p.size), coalesce(l.pages, p.pages), coalesce(l.sha256, p.sha256), coalesce(l.sm3, p.sm3), coalesce(l.key, p.object_key), l.paper, l.staff_only, p.only_for
         from unnest($4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::int[], $13::text[], $14::text[], $15::text[], $16::uuid[], $17::bool[])
           with ordinality l(id, folder, volume, title, class, maker, media_type, size, pages, sha256, sm3, key, paper, staff_only, i)
           left join papers p on p.court_id = $1 and p.paper_id = l.paper",
    )
    .bind(court)
    .bind(case)
    .bind(now)
    .bind(&ids)
    .bind(column(leaves, |l| l.folder))
    .bind(column(leaves, |l| l.volume))
    .bind(column(leaves, |l| l.title))
    .bind(column(leaves, |l| l.class))
    .bind(column(leaves, |l| l.maker))
    .bind(column(leaves, |l| l.media_type))
    .bind(column(leaves, |l| l.size))
    .bind(column(leaves, |l| l.pages))
    .bind(column(leaves, |l| l.digests.map(|d| d.0)))
    .bind(column(leaves, |l| l.digests.map(|d| d.1)))
    .bind(column(leaves, |l| l.object_key))
    .bind(column(leaves, |l| l.paper))
    .bind(column(leaves, |l| l.staff_only))
    .execute(tx.conn())
    .await?;
    Ok(ids)
}

fn column<'a, T>(leaves: &[NewLeaf<'a>], of: impl Fn(&NewLeaf<'a>) -> T) -> Vec<T> {
    leaves.iter().map(of).collect()
}
