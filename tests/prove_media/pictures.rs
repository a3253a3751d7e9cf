//! Pictures to send: a few seconds of VP8 made by ffmpeg once, in an endless loop, with a key frame every second.

use std::sync::OnceLock;

/// Pictures in a second.
pub const RATE: u32 = 15;
/// The longest piece that goes into a packet.
const PIECE: usize = 1_100;

/// One turn of the loop.
pub fn frames() -> &'static [Vec<u8>] {
    static FRAMES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FRAMES.get_or_init(|| {
        let picture = format!("testsrc2=s=320x180:r={RATE}:d=4");
        let made = std::process::Command::new("ffmpeg")
            .args(["-v", "error", "-f", "lavfi", "-i", &picture, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"])
            .args(["-auto-alt-ref", "0", "-lag-in-frames", "0", "-g", &RATE.to_string(), "-b:v", "150k", "-f", "ivf", "-"])
            .output()
            .expect("ffmpeg (Debian package ffmpeg)");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let frames = read(&made.stdout);
        assert_eq!(frames.len() as u32, 4 * RATE);
        frames
    })
}

/// IVF: a head of 32 bytes, then for each picture its length, its time, its bytes.
fn read(ivf: &[u8]) -> Vec<Vec<u8>> {
    let (mut frames, mut rest) = (Vec::new(), &ivf[32..]);
    while let Some((head, body)) = rest.split_at_checked(12) {
        let length = u32::from_le_bytes(head[..4].try_into().unwrap()) as usize;
        frames.push(body[..length].to_vec());
        rest = &body[length..];
    }
    frames
}

/// A picture in pieces, each behind a descriptor with the picture's number (RFC 7741).
pub fn pieces(frame: &[u8], number: u16) -> Vec<Vec<u8>> {
    let number = number & 0x7fff;
    let piece = |(n, body): (usize, &[u8])| {
        let mut bytes = vec![if n == 0 { 0x90 } else { 0x80 }, 0x80, 0x80 | (number >> 8) as u8, number as u8];
        bytes.extend_from_slice(body);
        bytes
    };
    frame.chunks(PIECE).enumerate().map(piece).collect()
}
