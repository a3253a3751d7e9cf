//! The address a sending's bounces come back to: `bounce+<attempt>-<mark>@…` (VERP). Owns writing and reading it.
//!
//! The mark is keyed: whoever guesses the number of a sending can still say nothing of it. Must never name a person.

use lettre::Address;
use uuid::Uuid;

use super::Mail;
use crate::error::{Error, Result};
use crate::kit::seal::Seal;

fn mark(seal: &Seal, attempt: Uuid) -> Result<String> {
    let digest = seal.blind("mail:bounce", &attempt.to_string())?;
    Ok(hex::encode(digest).chars().take(12).collect())
}

/// Where the bounces of a sending come back to.
///
/// # Errors
/// When the keys do not do.
pub fn address(mail: &Mail, seal: &Seal, attempt: Uuid) -> Result<Address> {
    let user = format!("{}+{}-{}", mail.bounces.user(), attempt.simple(), mark(seal, attempt)?);
    Address::new(user, mail.bounces.domain()).map_err(Error::internal)
}

/// The sending an address belongs to; none for any other address.
pub fn attempt(seal: &Seal, bounces: &Address, to: &str) -> Option<Uuid> {
    let (user, domain) = to.rsplit_once('@')?;
    if !domain.eq_ignore_ascii_case(bounces.domain()) {
        return None;
    }
    let user = user.to_ascii_lowercase();
    let (id, shown) = user.strip_prefix(&bounces.user().to_ascii_lowercase())?.strip_prefix('+')?.split_once('-')?;
    let id = Uuid::try_parse(id).ok()?;
    let expected = mark(seal, id).ok()?;
    bool::from(subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), shown.as_bytes())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::random::Random;

    #[test]
    fn only_our_own_address_names_a_sending() {
        let random = Random::seeded(7);
        let seal = Seal::from_key_file(&Seal::new_key_file(&random), random.clone()).unwrap();
        let bounces: Address = "bounce@court.example".parse().unwrap();
        let id = random.id("2026-11-23T02:00:00Z".parse().unwrap());
        let user = format!("bounce+{}-{}", id.simple(), mark(&seal, id).unwrap());
        assert!(user.len() <= 64, "a local part has 64 octets");
        assert_eq!(attempt(&seal, &bounces, &format!("{user}@court.example")), Some(id));
        assert_eq!(attempt(&seal, &bounces, &format!("{}@COURT.example", user.to_uppercase())), Some(id), "relays change the case");
        for wrong in [
            format!("{user}@elsewhere.example"),
            format!("bounce+{}-000000000000@court.example", id.simple()),
            format!("bounce+{}@court.example", id.simple()),
            "bounce@court.example".to_owned(),
            "nobody".to_owned(),
        ] {
            assert_eq!(attempt(&seal, &bounces, &wrong), None, "{wrong}");
        }
    }
}
