//! From a change of permissions on one node to its effect on another: two `lianting serve` over one cluster.
//! Timed from sending the change to the first refusal that the other node, asked without pause, gives.

use std::time::Instant;

use serde_json::json;

use crate::Options;
use crate::cluster::Cluster;
use crate::data::{self, PEOPLE, Province, court};
use crate::load::{self, Line};
use crate::report::{Goal, Report, median, shown};

const EDITS: usize = 20;

/// Takes a right away and gives it back, again and again.
pub async fn run(cluster: &Cluster, options: &Options, report: &mut Report) -> Result<(), String> {
    let province = Province::open(cluster, &options.root, 180).await?;
    let (here, there) = (cluster.serve(&province.database, "serve-here")?, cluster.serve(&province.database, "serve-there")?);
    let (mut editor, mut asker) = (Line::open(here.at).await?, Line::open(there.at).await?);
    let ask = load::request("GET", &format!("/courts/{}/filings?limit=1", court(0)), &data::token("clerk", 0), "", "");
    let (mut answered, mut felt) = (Vec::new(), Vec::new());
    for n in 0..=EDITS * 2 {
        let (effect, then) = if n % 2 == 0 { ("deny", 403) } else { ("inherit", 200) };
        let edit = json!({ "changes": [{ "role": "clerk", "act": "filing:queue", "effect": effect }] }).to_string();
        let edit = load::request("PUT", &format!("/courts/{}/policies", court(0)), &data::token("clerk", PEOPLE), "", &edit);
        let since = Instant::now();
        let change = async {
            editor.ask(&edit).await?.json()?;
            Ok::<_, String>(since.elapsed())
        };
        let effect = async {
            while asker.ask(&ask).await?.status != then {
                if since.elapsed().as_secs() > 60 {
                    return Err("the change had no effect on the other node within 60 s".to_owned());
                }
            }
            Ok(since.elapsed())
        };
        let (change, effect) = tokio::try_join!(change, effect)?;
        if n > 0 {
            answered.push(change.as_secs_f64() * 1000.0);
            felt.push(effect.as_secs_f64() * 1000.0);
        }
    }
    let most = felt.iter().copied().fold(0.0, f64::max);
    let how =
        format!("the edit itself is answered after {} ms; slowest of {} edits {} ms", shown(median(answered)), felt.len(), shown(most));
    report.add("policy edit to effect on a second node", median(felt), "ms", Goal::None, how);
    Ok(())
}
