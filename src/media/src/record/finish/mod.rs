//! After the hearing: one playable file a person, one for watching all of them, clips, copies with the viewer's name.
//!
//! Owns: joining, checking, the mosaic and copies. Must never change a segment, and never let one go before the joined file
//! was decoded from end to end and the store has shown that it holds everything.

mod check;
mod child;
mod copy;
mod join;
mod mosaic;
mod release;

pub use check::{Checked, check};
pub use child::Limits;
pub use copy::{clip, sound, watermark};
pub use join::{Joined, join};
pub use mosaic::{Mosaic, Tile, mosaic};
pub use release::{Finished, finish, release};
