//! Cases in different stages, made through the API by the people of seed.rs.
//! Owns the stories; answers one line of demo.json for each.

use serde_json::Value;

use super::seed::World;

/// Makes the cases.
///
/// # Errors
/// The step that was refused.
pub async fn cases(_: &World) -> Result<Vec<Value>, String> {
    Ok(Vec::new())
}
