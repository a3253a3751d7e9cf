//! Length-prefixed frames. Owns the bytes on the pipe; must never look inside them.

use std::io::{self, ErrorKind, Read, Write};

/// What came off the pipe.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole frame.
    Whole(Vec<u8>),
    /// The announced length is over the cap; nothing after it can be trusted.
    TooLong(usize),
    /// The caller closed the pipe between two frames.
    End,
}

/// Reads one frame of at most `cap` bytes.
pub fn read(from: &mut impl Read, cap: usize) -> io::Result<Frame> {
    let mut prefix = [0; 4];
    match from.read_exact(&mut prefix) {
        Ok(()) => {}
        Err(end) if end.kind() == ErrorKind::UnexpectedEof => return Ok(Frame::End),
        Err(other) => return Err(other),
    }
    let length = u32::from_be_bytes(prefix) as usize;
    if length > cap {
        return Ok(Frame::TooLong(length));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(Frame::Whole(bytes))
}

/// Writes one frame.
pub fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut pipe = Vec::new();
        write(&mut pipe, "起诉状".as_bytes()).unwrap();
        let mut pipe = pipe.as_slice();
        assert_eq!(read(&mut pipe, 100).unwrap(), Frame::Whole("起诉状".as_bytes().to_vec()));
        assert_eq!(read(&mut pipe, 100).unwrap(), Frame::End);
    }

    #[test]
    fn a_long_frame_is_not_read() {
        let mut pipe = &[0xff, 0xff, 0xff, 0xff, 1][..];
        assert_eq!(read(&mut pipe, 100).unwrap(), Frame::TooLong(0xffff_ffff));
    }

    #[test]
    fn a_torn_frame_is_an_error() {
        let mut pipe = &[0, 0, 0, 9, 1][..];
        assert!(read(&mut pipe, 100).is_err());
    }
}
