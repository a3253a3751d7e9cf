//! (being built)
/// Inspects.
///
/// # Errors
/// Says why.
pub fn run(_: &str) -> Result<(), String> {
    Ok(())
}
