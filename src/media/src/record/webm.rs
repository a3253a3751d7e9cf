//! WebM, written and read: the head of a stream, clusters, and the finished file with its cues.
//!
//! Owns: which elements are in a file. Every segment of the spool is one whole cluster, so the head and any run of
//! segments, laid one after the other, are a WebM stream of unknown length that players accept.

use bytes::Bytes;
use webm_iterable::matroska_spec::{Master, MatroskaSpec as Tag, SimpleBlock};
use webm_iterable::{WebmIterator, WebmWriter, WriteOptions};

use super::error::{RecordError, Result};

/// The number of the sound track.
pub(crate) const AUDIO: u64 = 1;
/// The number of the picture track.
pub(crate) const VIDEO: u64 = 2;

/// A frame in a file. Times are milliseconds of media time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub track: u64,
    pub at: i64,
    pub lasts: i64,
    pub key: bool,
    pub data: Bytes,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tracks {
    pub audio: bool,
    pub video: Option<(u16, u16)>,
}

/// The Opus encoder runs this far ahead of what it plays (312 samples at 48 kHz), and a decoder needs this much to settle.
const PRE_SKIP: u16 = 312;
const CODEC_DELAY_NS: u64 = 6_500_000;
const SEEK_PRE_ROLL_NS: u64 = 80_000_000;
/// EBML ID and eight bytes of unknown length.
const OPEN_SEGMENT: usize = 12;
const APP: &str = "lianting";

fn broken(e: impl std::fmt::Display) -> RecordError {
    RecordError::Damaged { path: "webm".into(), what: e.to_string() }
}

fn full(children: Vec<Tag>) -> Master<Tag> {
    Master::Full(children)
}

/// One element as it stands inside a segment.
fn inside(tag: &Tag) -> Result<Vec<u8>> {
    let mut writer = WebmWriter::new(Vec::new());
    writer.write_advanced(&Tag::Segment(Master::Start), WriteOptions::is_unknown_sized_element()).map_err(broken)?;
    writer.write(tag).map_err(broken)?;
    let mut bytes = writer.into_inner().map_err(broken)?;
    Ok(bytes.split_off(OPEN_SEGMENT))
}

fn ebml() -> Result<Vec<u8>> {
    let mut writer = WebmWriter::new(Vec::new());
    let head = vec![
        Tag::EbmlVersion(1),
        Tag::EbmlReadVersion(1),
        Tag::EbmlMaxIdLength(4),
        Tag::EbmlMaxSizeLength(8),
        Tag::DocType("webm".into()),
        Tag::DocTypeVersion(4),
        Tag::DocTypeReadVersion(2),
    ];
    writer.write(&Tag::Ebml(full(head))).map_err(broken)?;
    writer.into_inner().map_err(broken)
}

fn opus_head() -> Vec<u8> {
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend_from_slice(&PRE_SKIP.to_le_bytes());
    head.extend_from_slice(&48_000u32.to_le_bytes());
    head.extend_from_slice(&[0, 0, 0]);
    head
}

fn tracks(of: Tracks) -> Tag {
    let mut entries = Vec::new();
    if of.audio {
        entries.push(Tag::TrackEntry(full(vec![
            Tag::TrackNumber(AUDIO),
            Tag::TrackUID(AUDIO),
            Tag::TrackType(2),
            Tag::FlagLacing(0),
            Tag::CodecID("A_OPUS".into()),
            Tag::CodecPrivate(opus_head()),
            Tag::CodecDelay(CODEC_DELAY_NS),
            Tag::SeekPreRoll(SEEK_PRE_ROLL_NS),
            Tag::Audio(full(vec![Tag::SamplingFrequency(48_000.0), Tag::Channels(2)])),
        ])));
    }
    if let Some((width, height)) = of.video {
        entries.push(Tag::TrackEntry(full(vec![
            Tag::TrackNumber(VIDEO),
            Tag::TrackUID(VIDEO),
            Tag::TrackType(1),
            Tag::FlagLacing(0),
            Tag::CodecID("V_VP8".into()),
            Tag::Video(full(vec![Tag::PixelWidth(width.into()), Tag::PixelHeight(height.into())])),
        ])));
    }
    Tag::Tracks(full(entries))
}

fn info(opened_utc_us: i64, duration_ms: Option<i64>) -> Tag {
    // Matroska counts nanoseconds from 2001
    let date = opened_utc_us.saturating_sub(978_307_200_000_000).saturating_mul(1_000);
    let mut children = vec![Tag::TimestampScale(1_000_000)];
    children.extend(duration_ms.map(|ms| Tag::Duration(ms as f64)));
    children.extend([Tag::DateUTC(date), Tag::MuxingApp(APP.into()), Tag::WritingApp(APP.into())]);
    Tag::Info(full(children))
}

/// The head of a stream whose length nobody knows yet. `opened_utc_us` is media time nought.
pub(crate) fn init(of: Tracks, opened_utc_us: i64) -> Result<Vec<u8>> {
    let mut bytes = ebml()?;
    bytes.extend_from_slice(&[0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    bytes.extend(inside(&info(opened_utc_us, None))?);
    bytes.extend(inside(&tracks(of))?);
    Ok(bytes)
}

/// One whole cluster; blocks are sorted and within half a minute of the first.
pub(crate) fn cluster(blocks: &[Block]) -> Result<Vec<u8>> {
    let from = blocks.first().map_or(0, |b| b.at);
    let mut children = vec![Tag::Timestamp(u64::try_from(from).map_err(broken)?)];
    for block in blocks {
        let relative = i16::try_from(block.at - from).map_err(broken)?;
        children.push(SimpleBlock::new_uncheked(&block.data, block.track, relative, false, None, false, block.key).into());
    }
    inside(&Tag::Cluster(full(children)))
}

/// Reads a cluster back.
pub(crate) fn read_cluster(bytes: &[u8]) -> Result<Vec<Block>> {
    let open = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let source = std::io::Read::chain(&open[..], bytes);
    let (mut from, mut blocks, mut clusters) = (None, Vec::new(), 0);
    for tag in WebmIterator::new(source, &[]) {
        match tag.map_err(broken)? {
            Tag::Cluster(Master::Start) => clusters += 1,
            Tag::Timestamp(at) => from = Some(i64::try_from(at).map_err(broken)?),
            Tag::SimpleBlock(data) => {
                // track number, two bytes of time, flags
                if data.len() < 5 {
                    return Err(broken("a block without a frame"));
                }
                let block = SimpleBlock::try_from(&data).map_err(broken)?;
                let from = from.ok_or_else(|| broken("a block before its cluster's time"))?;
                let at = from + i64::from(block.timestamp);
                blocks.push(Block {
                    track: block.track,
                    at,
                    lasts: 0,
                    key: block.keyframe,
                    data: Bytes::copy_from_slice(block.raw_frame_data()),
                });
            }
            _ => {}
        }
    }
    if clusters == 1 && !blocks.is_empty() { Ok(blocks) } else { Err(broken("not one cluster with frames")) }
}

/// Where a player may begin: time, track, position of the cluster behind the head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue {
    pub at: i64,
    pub track: u64,
    pub position: u64,
}

fn cues(points: &[Cue], shift: u64) -> Tag {
    let point = |cue: &Cue| {
        let place = vec![Tag::CueTrack(cue.track), Tag::CueClusterPosition(cue.position + shift)];
        Tag::CuePoint(full(vec![Tag::CueTime(cue.at.unsigned_abs()), Tag::CueTrackPositions(full(place))]))
    };
    Tag::Cues(full(points.iter().map(point).collect()))
}

fn seek(id: [u8; 4], position: u64) -> Tag {
    Tag::Seek(full(vec![Tag::SeekID(id.to_vec()), Tag::SeekPosition(position)]))
}

/// The head of a finished file: everything that stands before `clusters` bytes of clusters, cues in front.
pub(crate) fn finished_head(of: Tracks, opened_utc_us: i64, duration_ms: i64, points: &[Cue], clusters: u64) -> Result<Vec<u8>> {
    let (info, tracks) = (inside(&info(opened_utc_us, Some(duration_ms)))?, inside(&tracks(of))?);
    // positions count from the end of the segment's own head; their width changes with their size, so go round until they rest
    let (mut seek_len, mut cues_len) = (0, 0);
    for _ in 0..16 {
        let at_info = seek_len;
        let at_tracks = at_info + info.len() as u64;
        let at_cues = at_tracks + tracks.len() as u64;
        let places = vec![
            seek([0x15, 0x49, 0xa9, 0x66], at_info),
            seek([0x16, 0x54, 0xae, 0x6b], at_tracks),
            seek([0x1c, 0x53, 0xbb, 0x6b], at_cues),
        ];
        let head = inside(&Tag::SeekHead(full(places)))?;
        let index = inside(&cues(points, at_cues + cues_len))?;
        let rests = (head.len() as u64, index.len() as u64) == (seek_len, cues_len);
        (seek_len, cues_len) = (head.len() as u64, index.len() as u64);
        if rests {
            let mut bytes = ebml()?;
            bytes.extend_from_slice(&[0x18, 0x53, 0x80, 0x67]);
            let size = at_cues + cues_len + clusters;
            bytes.extend_from_slice(&(size | 0x0100_0000_0000_0000).to_be_bytes());
            [head, info, tracks, index].iter().for_each(|part| bytes.extend_from_slice(part));
            return Ok(bytes);
        }
    }
    Err(broken("cues find no place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_reads_back_as_it_was_written() {
        let blocks: Vec<_> = (0..60)
            .map(|n| Block {
                track: 1 + n % 2,
                at: 70_000 + n as i64 * 17,
                lasts: 0,
                key: n % 2 == 0,
                data: Bytes::from(vec![n as u8; 1 + n as usize * 30]),
            })
            .collect();
        let bytes = cluster(&blocks).unwrap();
        assert_eq!(&bytes[..4], [0x1f, 0x43, 0xb6, 0x75]);
        assert_eq!(read_cluster(&bytes).unwrap(), blocks);
    }

    #[test]
    fn a_cut_cluster_is_no_cluster() {
        let blocks = [Block { track: 1, at: 5, lasts: 0, key: true, data: Bytes::from(vec![7; 300]) }];
        let bytes = cluster(&blocks).unwrap();
        for cut in 0..bytes.len() {
            assert!(read_cluster(&bytes[..cut]).is_err(), "{cut}");
        }
        assert!(read_cluster(&[bytes.clone(), bytes].concat()).is_err(), "two are not one");
    }
}
