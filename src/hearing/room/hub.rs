//! The rooms that are open on this server. Owns the list; must never hold a lock over an await.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use uuid::Uuid;

use super::echo::Echoes;
use super::live::Live;
use super::studio::Studio;
use crate::error::{Error, Result, said};
use crate::hearing::guards::Storage;

/// Rooms, and what they need.
#[derive(Default)]
pub struct Rooms {
    studio: OnceLock<Studio>,
    open: Mutex<BTreeMap<(i32, Uuid), Arc<Live>>>,
    /// One at a time takes a room over.
    pub taking: tokio::sync::Mutex<()>,
    /// Tests before a hearing.
    pub echoes: Echoes,
}

impl Rooms {
    fn list(&self) -> MutexGuard<'_, BTreeMap<(i32, Uuid), Arc<Live>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does the recorder answer, and has the place where recordings go room? Without a studio: no.
    pub async fn recorder_ready(&self) -> (bool, Storage) {
        match self.studio() {
            Some(studio) => studio.ready().await,
            None => (false, Storage::Full),
        }
    }

    /// Engine and recorder, where this server holds hearings.
    pub fn studio(&self) -> Option<&Studio> {
        self.studio.get()
    }

    /// Sets them up, once.
    ///
    /// # Errors
    /// When they are set up already.
    pub fn equip(&self, studio: Studio) -> std::result::Result<(), String> {
        self.studio.set(studio).map_err(|_| "the courtroom's media were started twice".to_owned())
    }

    /// Engine and recorder, or why there is no room here.
    ///
    /// # Errors
    /// 503 `media.off`.
    pub fn need(&self) -> Result<&Studio> {
        self.studio()
            .ok_or_else(|| Error::unavailable("media.off", said("本服务器没有启用在线法庭。", "This server holds no online hearings.")))
    }

    /// A room that is open here.
    pub fn find(&self, court: i32, hearing: Uuid) -> Option<Arc<Live>> {
        self.list().get(&(court, hearing)).cloned()
    }

    /// A room by its hearing: the engine knows no court.
    pub fn of_engine(&self, id: u128) -> Option<Arc<Live>> {
        self.list().iter().find(|((_, hearing), _)| hearing.as_u128() == id).map(|(_, live)| live.clone())
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Live>> {
        self.list().values().cloned().collect()
    }

    /// Adds one.
    pub fn add(&self, live: Arc<Live>) {
        self.list().insert((live.court, live.hearing), live);
    }

    /// Takes this one off. False when another took its place meanwhile: that one stays.
    pub fn drop_room(&self, live: &Arc<Live>) -> bool {
        let mut list = self.list();
        let at = (live.court, live.hearing);
        let same = list.get(&at).is_some_and(|held| Arc::ptr_eq(held, live));
        same && list.remove(&at).is_some()
    }
}
