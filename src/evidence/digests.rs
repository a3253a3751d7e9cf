//! SHA-256 and SM3 over one stream, put down after each part and taken up again by any server.
//! Owns the two running states; knows no file.

use bytes::Bytes;
use sha2::Sha256;
use sha2::digest::Digest;
use sha2::digest::common::hazmat::SerializableState;
use sm3::Sm3;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// The two digests, running.
#[derive(Clone, Default)]
pub struct Digests {
    sha256: Sha256,
    sm3: Sm3,
}

/// The two digests over one part, SM3 on a thread of its own: it takes three times as long as SHA-256 with
/// the processor's help, and neither should wait for the other.
pub struct Running {
    sha256: Sha256,
    to_sm3: mpsc::Sender<Bytes>,
    sm3: JoinHandle<Sm3>,
}

impl Running {
    /// Takes one more chunk; waits while SM3 is a few chunks behind.
    pub async fn update(&mut self, chunk: &Bytes) {
        let (sha256, to_sm3) = (&mut self.sha256, &self.to_sm3);
        // its end goes away only when its thread does, and `finish` tells of that
        let _ = to_sm3.send(chunk.clone()).await;
        sha256.update(chunk);
    }

    /// Both states after the last chunk.
    ///
    /// # Errors
    /// When the thread was lost.
    pub async fn finish(self) -> Result<Digests, tokio::task::JoinError> {
        drop(self.to_sm3);
        Ok(Digests { sha256: self.sha256, sm3: self.sm3.await? })
    }
}

impl Digests {
    /// Goes on from the states kept with the last part; from the start when there is none.
    /// Answers nothing when a state cannot be read (written by an incompatible version).
    pub fn resume(sha256: Option<&[u8]>, sm3: Option<&[u8]>) -> Option<Self> {
        match (sha256, sm3) {
            (Some(a), Some(b)) => {
                Some(Self { sha256: Sha256::deserialize(a.try_into().ok()?).ok()?, sm3: Sm3::deserialize(b.try_into().ok()?).ok()? })
            }
            (None, None) => Some(Self::default()),
            _ => None,
        }
    }

    /// Goes on over the chunks of a part.
    pub fn run(self) -> Running {
        let (to_sm3, mut chunks) = mpsc::channel::<Bytes>(8);
        let mut sm3 = self.sm3;
        let sm3 = tokio::task::spawn_blocking(move || {
            while let Some(chunk) = chunks.blocking_recv() {
                sm3.update(&chunk);
            }
            sm3
        });
        Running { sha256: self.sha256, to_sm3, sm3 }
    }

    /// Takes bytes that are at hand.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.sm3.update(bytes);
    }

    /// The states, to be kept.
    pub fn states(&self) -> (Vec<u8>, Vec<u8>) {
        (self.sha256.serialize().to_vec(), self.sm3.serialize().to_vec())
    }

    /// SHA-256 and SM3 in hex.
    pub fn finish(self) -> (String, String) {
        (hex::encode(self.sha256.finalize()), hex::encode(self.sm3.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_put_down_anywhere_goes_on() {
        let text: Vec<u8> = (0..100_000_u32).map(|i| (i * 7 % 251) as u8).collect();
        let mut whole = Digests::default();
        whole.update(&text);
        let expected = whole.finish();
        for cut in [0, 1, 63, 64, 65, 4096, 99_999, 100_000] {
            let mut first = Digests::default();
            first.update(&text[..cut]);
            let (a, b) = first.states();
            let mut second = Digests::resume(Some(&a), Some(&b)).unwrap();
            second.update(&text[cut..]);
            assert_eq!(second.finish(), expected, "cut at {cut}");
        }
        assert!(Digests::resume(Some(&[1, 2]), Some(&[3])).is_none());
    }

    #[tokio::test]
    async fn running_or_at_hand_they_are_the_same() {
        let mut whole = Digests::default();
        let mut running = Digests::default().run();
        for i in 0..100_u8 {
            let chunk = Bytes::from(vec![i; 1000 + usize::from(i)]);
            whole.update(&chunk);
            running.update(&chunk).await;
        }
        assert_eq!(running.finish().await.unwrap().finish(), whole.finish());
    }

    #[test]
    fn the_digests_are_the_standards_own() {
        let mut abc = Digests::default();
        abc.update(b"abc");
        let (sha256, sm3) = abc.finish();
        assert_eq!(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"); // GB/T 32905-2016 A.1
    }
}
