//! A refusal says nothing by its length either: about what belongs to another court the server asks the database exactly
//! as often as about what nobody has. Counted, not timed, so that it holds on any machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::guardian_walk::{ask, operations, sandbox};
use crate::kit::cluster::cluster;
use crate::kit::seeded::seeded;
use crate::kit::{Wish, World};

/// Counts the statements that leave this thread for a database.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

// proves: A13
#[tokio::test]
async fn what_is_foreign_takes_the_way_of_what_is_missing() {
    let mut s = seeded().await;
    let name = sandbox(&mut s).await;
    let mut walked = World::with(Wish { database: Some(name.clone()), idle: true, ..Wish::default() }).await;
    let server = lianting::http::server(walked.app.clone());
    let counted = Statements::default();
    let _guard = tracing::subscriber::set_default(counted.clone());
    let (mut differ, mut refused) = (Vec::new(), 0);
    for o in operations().iter().filter(|o| o.path.starts_with("/courts/") && o.path.matches('{').count() > 1) {
        for principal in ["clerk", "judge", "party"] {
            ask(&server, &s, o, principal, "missing").await; // sessions and courts are in the caches from here on
            let mut heard = Vec::new();
            for target in ["missing", "mixed", "foreign_missing", "foreign"] {
                let before = counted.0.load(Ordering::Relaxed);
                let status = ask(&server, &s, o, principal, target).await.status;
                heard.push((status, counted.0.load(Ordering::Relaxed) - before));
            }
            for (nowhere, there) in [(heard[0], heard[1]), (heard[2], heard[3])] {
                if nowhere.0 == 404 && there.0 == 404 {
                    refused += 1;
                    if nowhere.1 != there.1 {
                        differ.push(format!(
                            "{} as {principal}: {} statements about nothing, {} about what is foreign",
                            o.id, nowhere.1, there.1
                        ));
                    }
                }
            }
        }
    }
    assert!(counted.0.load(Ordering::Relaxed) > 500 && refused > 100, "nothing was counted: {refused}");
    assert!(differ.is_empty(), "refusals tell by their length:\n{}", differ.join("\n"));
    walked.close().await;
    for database in [name, s.w.database.clone()] {
        cluster().drop_database(&database).await;
    }
}
