//! The worker as a process, killed with SIGKILL in the middle of whatever it does.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Dice;
use crate::kit::World;

/// A worker that is killed some times and then stays.
pub struct Worker {
    kills: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<Child>,
}

fn start(w: &World) -> Child {
    // as a machine of a court would run it: a renderer for each core
    w.worker().args(["--paper-processes", "2"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a worker")
}

impl Worker {
    /// Starts one; it dies `kills` times, at moments nobody chose.
    pub fn start(w: Arc<World>, kills: usize) -> Self {
        let done = Arc::new(AtomicUsize::new(0));
        let count = done.clone();
        let task = tokio::spawn(async move {
            let mut dice = Dice::new();
            for _ in 0..kills {
                let mut child = start(&w);
                tokio::time::sleep(Duration::from_millis(1200 + dice.below(2000))).await;
                child.kill().expect("SIGKILL");
                child.wait().expect("its end");
                count.fetch_add(1, Ordering::Relaxed);
            }
            start(&w)
        });
        Self { kills: done, task }
    }

    /// How often it was killed so far.
    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// Has it been killed as often as it should?
    pub fn is_last(&self) -> bool {
        self.task.is_finished()
    }

    /// Ends it.
    pub async fn end(self) -> usize {
        let kills = self.kills();
        let mut child = self.task.await.expect("the worker's task");
        child.kill().expect("SIGKILL");
        child.wait().expect("its end");
        kills
    }
}

/// Waits until a count is zero, saying how it goes on.
pub async fn until_none(w: &World, what: &str, sql: &str, worker: &Worker) {
    let mut left = 1;
    for second in 0..crate::figure("PROVE_WAIT", 3600) {
        left = w.count(sql).await;
        if left == 0 && worker.is_last() {
            return;
        }
        if second % 20 == 0 {
            println!("   {left} {what}, killed {} times", worker.kills());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("{left} {what} after all");
}
