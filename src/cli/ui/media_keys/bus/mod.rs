//! The thread of the bus: it connects, takes a name, answers, and tells what changed until the session is over.
//!
//! All of it, the reading of the socket too, is one thread that waits; nothing here is ever waited for.

mod objects;
mod properties;
mod state;
#[cfg(test)]
mod tests;

use std::process;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use zbus::fdo::RequestNameFlags;
use zbus::object_server::SignalEmitter;
use zbus::{Address, Connection, connection};

use self::objects::{Player, Root};
use self::state::{Change, PlayerState};
use super::SessionInfo;
use crate::playback::control::{Command, Status};

/// Object path of every player (MPRIS 2.2, "Entry point").
const PATH: &str = "/org/mpris/MediaPlayer2";

/// Bus name of the player: the beginning of every player's (MPRIS 2.2, "Bus Name Policy"), and ours.
const NAME: &str = "org.mpris.MediaPlayer2.nidra";

/// The interface whose properties change.
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";

/// A player on the session's bus, if there is one; it leaves the bus when it is dropped.
pub(crate) struct Mpris {
    state: Arc<PlayerState>,
}

/// Appears on the bus, on a thread of its own that the player does not wait for: a bus that does not answer holds
/// nothing up.
///
/// What is pressed is sent to `commands`, in the order in which it was pressed. The thread keeps the sender for as
/// long as it is on the bus. `None` without an address to look for a bus at, or without a thread.
pub(crate) fn appear(session: SessionInfo, commands: mpsc::Sender<Command>) -> Option<Mpris> {
    appear_at(Address::session().ok()?, session, commands)
}

fn appear_at(bus: Address, session: SessionInfo, commands: mpsc::Sender<Command>) -> Option<Mpris> {
    let state = Arc::new(PlayerState::new(session));
    let shared = Arc::clone(&state);
    // Why there is no bus, or no longer one, is of no use to a listener with closed eyes.
    let serve = move || drop(zbus::block_on(serve(bus, shared, commands)));
    thread::Builder::new().name("mpris".to_owned()).spawn(serve).ok()?;
    Some(Mpris { state })
}

impl Mpris {
    /// Shows how the session stands. Never waits: the thread of the bus fetches it.
    pub(crate) fn show(&self, status: &Status) {
        self.state.show(status, Instant::now());
    }
}

impl Drop for Mpris {
    fn drop(&mut self) {
        self.state.close();
    }
}

async fn serve(bus: Address, state: Arc<PlayerState>, commands: mpsc::Sender<Command>) -> zbus::Result<()> {
    // A program that sees the name may ask at once, so that the objects are there before it.
    let connection = connection::Builder::address(bus)
        .serve_at(PATH, Root::new(commands.clone()))
        .serve_at(PATH, Player::new(Arc::clone(&state), commands))
        .build()
        .await?;
    take_name(&connection).await?;
    let emitter = SignalEmitter::new(&connection, PATH)?;
    while let Some(change) = state.change().await {
        tell(&emitter, change).await?;
    }
    connection.close().await
}

/// The plain name, or the one for a second nidra (MPRIS 2.2, "Bus Name Policy"). A name is never taken from another,
/// nor given away, which is what zbus does unless it is told otherwise.
async fn take_name(connection: &Connection) -> zbus::Result<()> {
    let keep = RequestNameFlags::DO_NOT_QUEUE;
    match connection.request_name_with_flags(NAME, keep).await {
        Err(zbus::Error::NameTaken) => {
            let instance = format!("{NAME}.instance{}", process::id());
            connection.request_name_with_flags(instance, keep).await.map(drop)
        }
        taken => taken.map(drop),
    }
}

async fn tell(emitter: &SignalEmitter<'_>, change: Change) -> zbus::Result<()> {
    if !change.properties.is_empty() {
        let invalidated: &[&str] = &[];
        let body = (PLAYER, change.properties, invalidated);
        emitter.emit("org.freedesktop.DBus.Properties", "PropertiesChanged", &body).await?;
    }
    if let Some(position) = change.seeked {
        Player::seeked(emitter, position.0).await?;
    }
    Ok(())
}
