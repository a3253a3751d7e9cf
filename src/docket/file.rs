//! 电子卷宗: leaves in the standard folders, made with the case (V03). Owns the table leaves.
//! 副卷 never shows itself to a party; that wall is in the database.

use uuid::Uuid;

use crate::court::tx::CourtTx;
use crate::error::Result;

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
    let (id, court, now) = (tx.id(), tx.court, tx.now());
    // two who file at once get two numbers, one after the other
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('leaves' || $1::text, 0))").bind(case).execute(tx.conn()).await?;
    sqlx::query(
        "insert into leaves (court_id, case_id, leaf_id, n, folder, volume, title, doc_class, maker, made_at, media_type, size, pages, sha256, sm3, object_key, paper_id, staff_only)
         select $1,$2,$3, coalesce(max(n), 0) + 1, $4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17 from leaves where court_id = $1 and case_id = $2",
    )
    .bind(court)
    .bind(case)
    .bind(id)
    .bind(leaf.folder)
    .bind(leaf.volume)
    .bind(leaf.title)
    .bind(leaf.class)
    .bind(leaf.maker)
    .bind(now)
    .bind(leaf.media_type)
    .bind(leaf.size)
    .bind(leaf.pages)
    .bind(leaf.digests.map(|d| d.0))
    .bind(leaf.digests.map(|d| d.1))
    .bind(leaf.object_key)
    .bind(leaf.paper)
    .bind(leaf.staff_only)
    .execute(tx.conn())
    .await?;
    Ok(id)
}
