//! Shapes and check digits of identity numbers. Pure; must never ask anybody.

use chrono::NaiveDate;

/// Whether an upper-cased number of this kind is well formed.
pub fn well_formed(kind: Kind, number: &str) -> bool {
    match kind {
        Kind::Resident => resident(number),
        Kind::Organisation => organisation(number),
        Kind::Lawyer => lawyer(number),
        Kind::LegalWorker => (5..=30).contains(&number.chars().count()),
    }
}

/// What a number names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Resident ID, GB 11643.
    Resident,
    /// Unified social credit code, GB 32100.
    Organisation,
    /// Lawyer's licence, 17 digits.
    Lawyer,
    /// Licence of a legal-service worker: free text.
    LegalWorker,
}

fn resident(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &[u8; 11] = b"10X98765432";
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    bytes[17] == CHECK[(sum % 11) as usize] && NaiveDate::parse_from_str(&number[6..14], "%Y%m%d").is_ok()
}

fn organisation(number: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let Some(values) = number.chars().map(|sign| ALPHABET.find(sign)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    values.len() == 18 && values[17] == (31 - sum % 31) % 31
}

fn lawyer(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 17
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'1'
        && matches!(&number[5..7], "19" | "20")
        && number[5..9] <= *chrono::Utc::now().format("%Y").to_string()
        && bytes[9] != b'0'
        && matches!(bytes[10], b'0' | b'1')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_numbers() {
        for good in ["11010519491231002X", "440524188001010014", "410602189602290070", "37010218990101018X"] {
            assert!(well_formed(Kind::Resident, good), "{good}");
        }
        for bad in ["370102189901010017", "370102189902290019", "37010218990101001", "370102189913010016", "汉"] {
            assert!(!well_formed(Kind::Resident, bad), "{bad}");
        }
    }

    #[test]
    fn credit_codes() {
        for good in ["91350100M000100Y43", "91370102MA0000007F", "31370000MD0000008W", "11370000000000000W"] {
            assert!(well_formed(Kind::Organisation, good), "{good}");
        }
        for bad in ["91370102MA0000007G", "91370102MA000000I7", "9137010MA0000007F", ""] {
            assert!(!well_formed(Kind::Organisation, bad), "{bad}");
        }
    }

    #[test]
    fn lawyers_licences() {
        for good in ["13701201310123456", "14406201911000001"] {
            assert!(well_formed(Kind::Lawyer, good), "{good}");
        }
        for bad in ["23701201310123456", "1370120131012345", "13701209910123456"] {
            assert!(!well_formed(Kind::Lawyer, bad), "{bad}");
        }
    }
}
