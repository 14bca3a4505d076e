//! Sentences on a podcast: what listeners would lose, what was published, what is used no more.

use super::Ended;
use super::show::Show;
use crate::cli::commands::run::place::shown;
use crate::cli::commands::run::summary::listed;
use crate::cli::ui::output::{counted, say};
use crate::output::WriteResult;
use crate::podcast::{Loss, Release};

/// Says what listeners of the feed that is there would lose: a mistake, unless it was asked for.
pub(crate) fn losses(losses: &[Loss], accepted: bool) {
    let severity = if accepted { "warning" } else { "error" };
    for loss in losses {
        say(&format!("{severity}: {}", sentence(loss)));
    }
    if !losses.is_empty() && !accepted {
        say("  = help: if that is meant, or nobody listens yet: `--accept-loss`");
    }
}

/// Returns a sentence on what is lost, and how it could be kept.
pub(crate) fn sentence(loss: &Loss) -> String {
    match loss {
        Loss::Podcast(guid) => format!(
            "apps would take this for another podcast, and listeners would get every episode again; the one that \
             is there stays itself with `guid = \"{guid}\"` in `[podcast]`"
        ),
        Loss::Episode(title) => {
            format!("listeners would lose `{title}`, or get it twice if its script has another name now")
        }
    }
}

/// Says how a run ended.
pub(crate) fn end(show: &Show, release: Option<&Release>, ended: &Ended) {
    let feed = show.folder.join("feed.xml");
    match (&ended.publication, release) {
        (Some(publication), Some(release)) => {
            let episodes = counted(publication.episodes.len(), "episode");
            let (file, address) = (shown(&publication.feed), release.address());
            say(&match publication.written {
                WriteResult::New => format!("{file}: {episodes}, for {address}."),
                WriteResult::Same => format!("{file}: {episodes}, current."),
            });
        }
        _ => {
            let was = if feed.exists() { "was left as it was" } else { "was not written" };
            let why =
                if ended.outcomes.is_empty() { "Nothing was rendered, and" } else { "Not all is there, so" };
            say(&format!("{why} {} {was}.", shown(&feed)));
        }
    }
    if !ended.unused.is_empty() {
        let (names, folder) = (listed(&ended.unused), shown(&show.folder));
        say(&format!("No longer used in {folder}, and never deleted: {names}."));
    }
}
