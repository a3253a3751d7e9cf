//! What was measured, beside what was wanted. Owns the table and the JSON files; says plainly when a goal is missed.

use std::path::Path;

use serde_json::{Value, json};

/// What a figure is held to.
#[derive(Clone, Copy)]
pub enum Goal {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
    /// Told for information.
    None,
}

/// One line of the table.
pub struct Row {
    what: String,
    figure: f64,
    unit: &'static str,
    goal: Goal,
    /// How the figure came about.
    note: String,
}

/// The lines of a run.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Goal {
    fn met(self, figure: f64) -> Option<bool> {
        match self {
            Goal::AtLeast(n) => Some(figure >= n),
            Goal::AtMost(n) => Some(figure <= n),
            Goal::None => None,
        }
    }

    fn text(self) -> String {
        match self {
            Goal::AtLeast(n) => format!(">= {n}"),
            Goal::AtMost(n) => format!("<= {n}"),
            Goal::None => "-".into(),
        }
    }
}

impl Report {
    /// Adds a line, and says it at once: a run takes minutes.
    pub fn add(&mut self, what: impl Into<String>, figure: f64, unit: &'static str, goal: Goal, note: impl Into<String>) {
        let row = Row { what: what.into(), figure, unit, goal, note: note.into() };
        eprintln!("   {} = {} {}   ({})", row.what, shown(row.figure), row.unit, row.note);
        self.rows.push(row);
    }

    /// Writes `<part>.json`.
    pub fn save(&self, dir: &Path, part: &str) -> Result<(), String> {
        let path = dir.join(format!("{part}.json"));
        let text = serde_json::to_string_pretty(&Value::Array(self.rows.iter().map(Row::json).collect())).map_err(|e| e.to_string())?;
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Prints the table.
    pub fn print(&self, part: &str) {
        println!("\n{part}\n| what | figure | goal | | how |\n|---|---|---|---|---|");
        for row in &self.rows {
            let met = match row.goal.met(row.figure) {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            };
            println!("| {} | {} {} | {} | {met} | {} |", row.what, shown(row.figure), row.unit, row.goal.text(), row.note);
        }
    }
}

impl Row {
    fn json(&self) -> Value {
        json!({ "what": self.what, "figure": self.figure, "unit": self.unit, "goal": self.goal.text(), "met": self.goal.met(self.figure), "how": self.note })
    }
}

/// Three figures that matter.
pub fn shown(n: f64) -> String {
    match n.abs() {
        n_abs if n_abs >= 100.0 => format!("{n:.0}"),
        n_abs if n_abs >= 10.0 => format!("{n:.1}"),
        n_abs if n_abs >= 1.0 => format!("{n:.2}"),
        _ => format!("{n:.3}"),
    }
}

/// The middle of some runs: one bad minute of the machine does not move it.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    match of.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => of[n / 2],
        n => f64::midpoint(of[n / 2 - 1], of[n / 2]),
    }
}
