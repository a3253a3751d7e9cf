//! The directory of seals. Owns its layout:
//!
//! ```text
//! root.pem  root.key.pem        the province's root; the key is needed for issuing only and may be kept elsewhere
//! stamps.pem                    roots of time-stamping authorities that are believed
//! courts/370102/chain.pem       certificate of the seal, then what leads to the root
//! courts/370102/key.pem         its key (0600); absent where the key lives in a token
//! courts/370102/picture.ops     the seal's picture
//! ```
//!
//! Files are read when they are needed, so a renewed seal counts at once. Must never use a key that others can
//! read, nor replace one unasked.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::cert::Cert;
use crate::fault::{Fault, Result};
use crate::key::{Algorithm, FileSigner, Signer, generate};
use crate::picture::{Font, Picture};
use crate::pki::{self, Profile, Subject, Term};
use crate::verify::Trust;

/// A directory of seals.
#[derive(Debug, Clone)]
pub struct SealDir(PathBuf);

/// A court's seal, ready to be used.
pub struct CourtSeal {
    /// Its key and certificates.
    pub signer: Box<dyn Signer>,
    /// Its picture.
    pub picture: Picture,
}

impl CourtSeal {
    /// The certificate of the seal.
    pub fn certificate(&self) -> Option<&Cert> {
        self.signer.certificate_chain().first()
    }

    /// Whether its certificate counts now.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.certificate().is_some_and(|c| c.not_before() <= now && now <= c.not_after())
    }
}

/// A seal as `lianting seal list` shows it.
pub struct Listed {
    /// The court's code.
    pub code: String,
    /// Its certificate.
    pub certificate: Cert,
    /// Whether its key lies here.
    pub has_key: bool,
}

fn fault(path: &Path, cause: impl std::fmt::Display) -> Fault {
    Fault::File { path: path.display().to_string(), cause: cause.to_string() }
}

impl SealDir {
    /// Names a directory; nothing is read yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn court_dir(&self, code: &str) -> PathBuf {
        self.0.join("courts").join(code)
    }

    /// Makes the directory with a province's root.
    ///
    /// # Errors
    /// When there is one already, or the disk refuses.
    pub fn init(&self, name: &str, province: &str, term: Term) -> Result<Cert> {
        if self.path("root.pem").exists() {
            return Err(fault(&self.path("root.pem"), "is there already; a root is never replaced, it would void every seal"));
        }
        make_dir(&self.0)?;
        let pem = generate(Algorithm::EcdsaP384)?;
        let bare = FileSigner::open(&pem, Vec::new())?;
        let subject = Subject { name: name.into(), province: Some(province.into()), code: None };
        let cert = pki::issue(&bare, &subject, Profile::Root, term, None)?;
        write_new(&self.path("root.key.pem"), pem.as_bytes(), 0o600)?;
        write_new(&self.path("root.pem"), cert.to_pem()?.as_bytes(), 0o644)?;
        Ok(cert)
    }

    /// Issues a court's seal. With `renew` the old one is put aside under its number.
    ///
    /// # Errors
    /// When there is no root, or there is a seal and nobody asked to renew it.
    pub fn issue(&self, code: &str, subject: &Subject, term: Term, font: &Font, renew: bool) -> Result<Cert> {
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(fault(&self.0, format!("{code:?} is no court code")));
        }
        let root = self.root_signer()?;
        let picture = Picture::draw(&subject.name, font)?;
        let dir = self.court_dir(code);
        if dir.join("chain.pem").exists() {
            if !renew {
                return Err(fault(&dir, "has a seal already; renew it with --renew"));
            }
            self.put_aside(code)?;
        }
        make_dir(&dir)?;
        let pem = generate(Algorithm::EcdsaP256)?;
        let bare = FileSigner::open(&pem, Vec::new())?;
        let cert = pki::issue(&bare, subject, Profile::Seal, term, Some(&root))?;
        write_new(&dir.join("key.pem"), pem.as_bytes(), 0o600)?;
        write_new(&dir.join("picture.ops"), picture.ops(), 0o644)?;
        // the certificate comes last: what has one is complete
        write_new(&dir.join("chain.pem"), cert.to_pem()?.as_bytes(), 0o644)?;
        Ok(cert)
    }

    fn put_aside(&self, code: &str) -> Result<()> {
        let dir = self.court_dir(code);
        let old = self.certificates(&dir.join("chain.pem"))?;
        let aside = dir.join("old").join(old[0].serial());
        make_dir(&aside)?;
        for name in ["chain.pem", "key.pem", "picture.ops"] {
            if dir.join(name).exists() {
                fs::rename(dir.join(name), aside.join(name)).map_err(|e| fault(&dir.join(name), e))?;
            }
        }
        Ok(())
    }

    fn root_signer(&self) -> Result<FileSigner> {
        let pem = read_key(&self.path("root.key.pem"))?;
        FileSigner::open(&pem, self.certificates(&self.path("root.pem"))?)
    }

    fn certificates(&self, path: &Path) -> Result<Vec<Cert>> {
        let pem = fs::read_to_string(path).map_err(|e| fault(path, e))?;
        Cert::from_pem(&pem).map_err(|e| fault(path, e))
    }

    /// A court's seal; `None` where it has none.
    ///
    /// # Errors
    /// When it has one that cannot be used: such a court must not go unsealed unseen.
    pub fn court(&self, code: &str) -> Result<Option<CourtSeal>> {
        let dir = self.court_dir(code);
        if !dir.join("chain.pem").exists() {
            return Ok(None);
        }
        let chain = self.certificates(&dir.join("chain.pem"))?;
        let key = dir.join("key.pem");
        let signer = FileSigner::open(&read_key(&key)?, chain).map_err(|e| fault(&key, e))?;
        let picture = dir.join("picture.ops");
        let picture = Picture::from_ops(fs::read(&picture).map_err(|e| fault(&picture, e))?);
        Ok(Some(CourtSeal { signer: Box::new(signer), picture }))
    }

    /// All seals.
    ///
    /// # Errors
    /// When a certificate cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>> {
        let courts = self.path("courts");
        let mut codes: Vec<String> = match fs::read_dir(&courts) {
            Ok(entries) => entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect(),
            Err(_) => Vec::new(),
        };
        codes.sort();
        let mut all = Vec::new();
        for code in codes {
            let dir = self.court_dir(&code);
            if dir.join("chain.pem").exists() {
                let certificate = self.certificates(&dir.join("chain.pem"))?.remove(0);
                all.push(Listed { code, certificate, has_key: dir.join("key.pem").exists() });
            }
        }
        Ok(all)
    }

    /// Opens every seal once, so that a broken one is found at the start and not with the first paper.
    ///
    /// # Errors
    /// The first that cannot be used.
    pub fn check(&self) -> Result<usize> {
        let all = self.list()?;
        for listed in &all {
            self.court(&listed.code)?;
        }
        Ok(all.len())
    }

    /// The roots that are believed.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn trust(&self) -> Result<Trust> {
        let some = |name: &str| {
            let path = self.path(name);
            if path.exists() { self.certificates(&path) } else { Ok(Vec::new()) }
        };
        Ok(Trust { seals: some("root.pem")?, stamps: some("stamps.pem")? })
    }

    /// Adds roots of a time-stamping authority.
    ///
    /// # Errors
    /// When they are no certificates.
    pub fn trust_stamps(&self, pem: &str) -> Result<usize> {
        let path = self.path("stamps.pem");
        let mut all = if path.exists() { self.certificates(&path)? } else { Vec::new() };
        let before = all.len();
        for cert in Cert::from_pem(pem)? {
            if !all.contains(&cert) {
                all.push(cert);
            }
        }
        let text = all.iter().map(Cert::to_pem).collect::<Result<String>>()?;
        fs::write(&path, text).map_err(|e| fault(&path, e))?;
        Ok(all.len() - before)
    }
}

fn make_dir(path: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| fault(path, e))
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(|e| fault(path, e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| fault(path, e))
}

fn read_key(path: &Path) -> Result<String> {
    let about = fs::metadata(path).map_err(|e| fault(path, e))?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(fault(path, "others can read this key; chmod 600 it, and renew it if they may have"));
    }
    fs::read_to_string(path).map_err(|e| fault(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::tests::start;

    fn scratch(name: &str) -> SealDir {
        let path = std::env::temp_dir().join(format!("lianting-seals-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        SealDir::at(path)
    }

    fn court() -> Subject {
        Subject { name: "济南市历下区人民法院".into(), province: Some("山东省".into()), code: Some("370102".into()) }
    }

    #[test]
    fn a_seal_is_issued_renewed_and_never_replaced_unasked() {
        let (dir, font, term) = (scratch("issue"), Font::installed().unwrap(), Term { from: start(), days: 30 });
        assert!(dir.issue("370102", &court(), term, &font, false).is_err(), "no root yet");
        dir.init("根", "山东省", term).unwrap();
        assert!(dir.init("根", "山东省", term).is_err(), "a root is never replaced");
        assert!(dir.court("370102").unwrap().is_none());
        let first = dir.issue("370102", &court(), term, &font, false).unwrap();
        assert!(dir.issue("370102", &court(), term, &font, false).is_err());
        let second = dir.issue("370102", &court(), term, &font, true).unwrap();
        assert_ne!(first.public_key(), second.public_key(), "a new key");
        assert!(dir.0.join("courts/370102/old").join(first.serial()).join("key.pem").exists());
        let seal = dir.court("370102").unwrap().unwrap();
        assert_eq!(seal.certificate(), Some(&second));
        assert!(seal.counts(start()) && !seal.counts(start() + chrono::TimeDelta::days(31)));
        assert_eq!((dir.list().unwrap().len(), dir.check().unwrap()), (1, 1));
        assert!(dir.issue("../x", &court(), term, &font, false).is_err());
        fs::remove_dir_all(&dir.0).unwrap();
    }

    #[test]
    fn a_key_that_others_can_read_is_not_used() {
        let (dir, term) = (scratch("mode"), Term { from: start(), days: 30 });
        dir.init("根", "山东省", term).unwrap();
        dir.issue("370102", &court(), term, &Font::installed().unwrap(), false).unwrap();
        let key = dir.0.join("courts/370102/key.pem");
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
        let Err(fault) = dir.court("370102") else { panic!("used") };
        assert!(fault.to_string().contains("chmod 600"), "{fault}");
        assert!(dir.check().is_err());
        fs::remove_dir_all(&dir.0).unwrap();
    }
}
